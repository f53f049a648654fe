import { nestedNames } from './nested-names.ts';
import { detailOf } from './explain-error.ts';
import { percentDecode } from './parse-query.ts';
import type { ParameterSchema } from './request-schema.ts';
import { possibleValues, type Reading, type Written } from './text-values.ts';

/** Where the values of a parameter are. */
export interface Source {
  /** The values of its own name; those of a query are percent-encoded. */
  readonly own: readonly string[];
  readonly query: ReadonlyMap<string, readonly string[]>;
  readonly cookies: readonly string[];
}

/** Reads a parameter: what it may mean, the most likely first; nothing if it is absent; or what is wrong, as a text. */
export type ReadStyle = (source: Source) => readonly Written[] | string;

/** The check of a parameter whose style (OpenAPI, "Style Values") is not read as one text or a plain list. */
export const styled =
  (read: ReadStyle, reading: Reading): NonNullable<ParameterSchema['check']> =>
  ({ required, fits, explain }, source) => {
    const written = read(source);
    if (typeof written === 'string') return written;
    if (written.length === 0) return required ? 'is required' : undefined;
    let first: { readonly value: unknown } | undefined;
    for (const each of written) {
      for (const value of possibleValues(each, reading)) {
        if (fits(value)) return undefined;
        first ??= { value };
      }
    }
    return detailOf(explain, first?.value);
  };

export interface Delimiters {
  /** What the text begins with, such as `.` or `;id=`. */
  readonly prefix?: string;
  /** Between parts: a text, or the name of a delimiter of queries, which may be percent-encoded. */
  readonly separator: string;
  /** Where the name of each part is: `R,100,G,200`, `R=100,G=200`, or `;id=3;id=4` with the parameter's own. */
  readonly names: 'alternate' | 'assigned';
  /** With this name, the parts `id=3` are a list. */
  readonly repeated?: string;
  readonly isQuery?: true;
  readonly can: readonly ('list' | 'object' | 'scalar')[];
}

const encodedSeparators: Readonly<Record<string, RegExp>> = { ' ': /%20|\+| /, '|': /%7c|\|/i };

/** `simple`, `label`, `matrix`, `form` without explode, `spaceDelimited` and `pipeDelimited`: all parts in one text. */
export const delimited =
  ({ prefix = '', separator, names, repeated, isQuery, can }: Delimiters): ReadStyle =>
  ({ own: [text, ...more] }) => {
    if (text === undefined) return [];
    if (more.length > 0) return 'is sent more than once';
    // RFC 6570 §3.2.7: an empty value has no equals sign.
    const isEmpty = prefix.endsWith('=') && text === prefix.slice(0, -1);
    if (!isEmpty && !text.startsWith(prefix)) return `must begin with "${prefix}"`;
    const rest = isEmpty ? '' : text.slice(prefix.length);
    const decode = isQuery === true ? percentDecode : (part: string) => part;
    const parts = rest
      .split(isQuery === true ? (encodedSeparators[separator] ?? separator) : separator)
      .map((part) => (isQuery === true ? part : part.trim()));
    const decoded = parts.map(decode);
    const whole = decode(rest);
    if (whole === undefined || !decoded.every((part) => part !== undefined))
      return 'is not valid percent-encoding';
    const values = repeated === undefined ? decoded : ownValues(decoded, repeated);
    const object = names === 'alternate' ? alternatePairs(decoded) : assignedPairs(decoded);
    const possible = [
      ...(can.includes('object') && object !== undefined ? [object] : []),
      ...(can.includes('list') && values !== undefined ? [values] : []),
      ...(can.includes('scalar') && values !== undefined
        ? [repeated === undefined ? [whole] : values]
        : []),
    ];
    const form = names === 'alternate' ? `name${separator}value` : 'name=value';
    return possible.length > 0
      ? possible
      : `must be written as ${repeated === undefined ? form : `${repeated}=value`}`;
  };

const ownValues = (parts: readonly string[], name: string): readonly string[] | undefined =>
  parts.every((part) => part === name || part.startsWith(`${name}=`))
    ? parts.map((part) => part.slice(name.length + 1))
    : undefined;

const alternatePairs = (parts: readonly string[]): Written | undefined => {
  if (parts.length === 1 && parts[0] === '') return new Map();
  if (parts.length % 2 !== 0) return undefined;
  return distinct(
    parts.flatMap((name, index) => (index % 2 === 0 ? [[name, parts[index + 1] ?? '']] : [])),
  );
};

const assignedPairs = (parts: readonly string[]): Written | undefined => {
  if (parts.length === 1 && parts[0] === '') return new Map();
  const pairs = parts.map((part) => {
    const equals = part.indexOf('=');
    return equals === -1 ? undefined : [part.slice(0, equals), part.slice(equals + 1)];
  });
  return pairs.every((pair) => pair !== undefined) ? distinct(pairs) : undefined;
};

/** A property that is written twice is a list, which its schema refuses where it must be one value. */
const distinct = (pairs: readonly (readonly string[])[]): Written => {
  const values = new Map<string, string[]>();
  for (const [name = '', value = ''] of pairs)
    values.set(name, [...(values.get(name) ?? []), value]);
  return values;
};

/** `form` with explode, of an object: each property is a parameter of its own. Without names, all that are not others'. */
export const separate =
  (names: readonly string[] | undefined, others: readonly string[]): ReadStyle =>
  (source) => {
    const found = new Map<string, readonly string[]>();
    for (const [name, values] of source.query) {
      if (names === undefined ? others.includes(name) : !names.includes(name)) continue;
      const decoded = values.map(percentDecode);
      if (!decoded.every((value) => value !== undefined)) return 'is not valid percent-encoding';
      found.set(name, decoded);
    }
    return found.size > 0 ? [found] : repeated(source);
  };

/** `deepObject`: `id[role]=admin&id[tags]=a`. A value that is no object has the name alone. */
export const deepObject =
  (name: string): ReadStyle =>
  (source) => {
    const texts = new Map<string, readonly string[]>();
    for (const [key, values] of source.query) {
      if (!key.startsWith(`${name}[`)) continue;
      const decoded = values.map(percentDecode);
      if (!decoded.every((value) => value !== undefined)) return 'is not valid percent-encoding';
      texts.set(key.slice(name.length), decoded);
    }
    if (texts.size === 0) return repeated(source);
    if (source.own.length > 0) return 'is sent both with and without brackets';
    return nested(texts);
  };

const nested = (texts: ReadonlyMap<string, readonly string[]>): readonly Written[] | string => {
  const found = nestedNames(texts);
  return typeof found === 'string' ? found : [found];
};

/** `form` with explode, of a text or a list. */
export const repeated: ReadStyle = ({ own }) => (own.length === 0 ? [] : decodedOnce(own));

const decodedOnce = (own: readonly string[]): readonly Written[] | string => {
  const decoded = own.map(percentDecode);
  return decoded.every((value) => value !== undefined)
    ? [decoded]
    : 'is not valid percent-encoding';
};

/** OpenAPI 3.2, `cookie` with explode, of an object: each property is a cookie. */
export const separateCookies =
  (names: readonly string[]): ReadStyle =>
  (source) => {
    const own = source.cookies.filter((cookie) => names.includes(cookie.split('=', 1).join()));
    const pairs = own.length === 0 ? undefined : assignedPairs(own);
    return pairs === undefined ? [] : [pairs];
  };
