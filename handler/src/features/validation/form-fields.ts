import { equalJson } from './equal-json.ts';
import type { KeyCheck } from './json-keys.ts';
import { percentDecode } from './parse-query.ts';
import { readScalar } from './read-scalar.ts';
import type { ReadStyle, Source } from './styled-parameters.ts';
import { possibleValues, type Reading, type Written } from './text-values.ts';

/**
 * Reads a field of a form: what its value may be, the most likely first; nothing if it is absent; or what is wrong, as a
 * text.
 */
export type ReadField = (source: Source) => Iterable<unknown> | string;

/** A field whose values are texts. */
export const textField = (read: ReadStyle, reading: Reading): ReadField => {
  const isScalar = reading.items === undefined && reading.properties === undefined;
  return (source) => {
    const written = read(source);
    if (typeof written === 'string') return written;
    const [only] = written;
    return isScalar && written.length === 1 && Array.isArray(only) && only.length === 1
      ? scalarsOf(only[0] as string, reading)
      : valuesOf(written, reading);
  };
};

/** Most fields: a form may have a hundred thousand of them. */
const scalarsOf = (text: string, { types }: Reading): readonly unknown[] => {
  const value = readScalar(text, types);
  return value === text || !types.includes('string') ? [value] : [value, text];
};

/** Each value once. */
const valuesOf = function* (written: readonly Written[], reading: Reading): Generator {
  const earlier: unknown[] = [];
  for (const each of written) {
    for (const value of possibleValues(each, reading)) {
      if (earlier.some((other) => equalJson(other, value))) continue;
      earlier.push(value);
      yield value;
    }
  }
};

/**
 * A field whose values are JSON. A list may be one JSON text, or have one for each of its items.
 *
 * @param isEncoded whether the texts are percent-encoded.
 */
export const jsonField =
  (keys: KeyCheck, can: { readonly isEncoded: boolean; readonly isList: boolean }): ReadField =>
  ({ own }) => {
    const values: unknown[] = [];
    for (const text of own) {
      const decoded = can.isEncoded ? percentDecode(text) : text;
      if (decoded === undefined) return 'is not valid percent-encoding';
      let value: unknown;
      try {
        value = JSON.parse(decoded);
      } catch {
        return 'is not valid JSON';
      }
      const isItem = can.isList && !Array.isArray(value);
      const ambiguous = keys(Buffer.from(decoded), isItem ? [value] : value);
      if (ambiguous !== undefined) return ambiguous.detail;
      values.push(value);
    }
    if (!can.isList) return values.length > 1 ? 'is sent more than once' : values;
    return values.length === 0 ? [] : values.length === 1 ? [...values, values] : [values];
  };
