import type { KeyCheck } from './json-keys.ts';
import { percentDecode } from './parse-query.ts';
import type { ReadStyle, Source } from './styled-parameters.ts';
import { possibleValues, type Reading, type Written } from './text-values.ts';

/**
 * Reads a field of a form: what its value may be, the most likely first; nothing if it is absent; or what is wrong, as a
 * text.
 */
export type ReadField = (source: Source) => Iterable<unknown> | string;

/** A field whose values are texts. */
export const textField =
  (read: ReadStyle, reading: Reading): ReadField =>
  (source) => {
    const written = read(source);
    return typeof written === 'string' ? written : valuesOf(written, reading);
  };

const valuesOf = function* (written: readonly Written[], reading: Reading): Generator {
  for (const each of written) yield* possibleValues(each, reading);
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
