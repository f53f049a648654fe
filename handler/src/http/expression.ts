import { isUtf8 } from 'node:buffer';
import { encodePath, encodeQuery } from './upstream-path.ts';
import type { GatewayRequest } from './request.ts';

/** Where a value comes from: a runtime expression of OpenAPI (3.1 §4.8.20.4), as the compiler reads it. */
export type Expression =
  | readonly [from: 'method' | 'url' | 'id' | 'caller']
  | readonly [from: 'path' | 'query' | 'header', name: string]
  /** The segments of a JSON Pointer (RFC 6901). None: the whole. */
  | readonly [from: 'body' | 'claims', ...pointer: string[]];

/** A text between expressions. It can have values of the environment, `${name}`. */
export type TextTemplate = ReadonlyArray<string | Expression>;

/** A JSON value, some of whose strings have expressions. */
export type JsonTemplate =
  | { readonly is: unknown }
  /** An expression alone keeps the type of its value. */
  | { readonly from: Expression }
  | { readonly text: TextTemplate }
  | { readonly items: readonly JsonTemplate[] }
  | { readonly members: ReadonlyArray<readonly [name: string, value: JsonTemplate]> };

/** What an expression can refer to. */
export interface ExpressionSources {
  readonly request: GatewayRequest;
  /** Decoded path parameters. */
  readonly params: Readonly<Record<string, string>>;
  readonly caller:
    | {
        readonly userId: string;
        readonly claims?: Readonly<Record<string, unknown>> | undefined;
      }
    | undefined;
}

/** Undefined: the request has no such value. Of a query parameter that is repeated, the first value. */
export const valueOf = (
  [from, ...names]: Expression,
  { request, params, caller }: ExpressionSources,
): unknown => {
  const [name = ''] = names;
  switch (from) {
    case 'method':
      return request.method;
    case 'url':
      return urlOf(request);
    case 'id':
      return request.id;
    case 'caller':
      return caller?.userId;
    case 'path':
      return member(params, name);
    case 'query':
      return new URLSearchParams(request.query).get(name) ?? undefined;
    case 'header':
      return member(request.headers, name);
    case 'body':
      return valueAt(bodyOf(request), names);
    case 'claims':
      return valueAt(caller?.claims, names);
  }
};

/**
 * A text, with each value encoded for the place where it goes: it cannot end or add to what surrounds it. A number, a
 * boolean, a list and an object are their JSON text. Undefined if a value is missing or null, so that no text has a gap.
 */
export const textOf = (
  template: TextTemplate,
  sources: ExpressionSources,
  encode: (value: string, expression: Expression) => string,
): string | undefined => {
  let text = '';
  for (const part of template) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const value = valueOf(part, sources) ?? undefined;
    if (value === undefined) return undefined;
    text += encode(typeof value === 'string' ? value : JSON.stringify(value), part);
  }
  return text;
};

/** Undefined if the value is missing. Members with a missing value are left out; in a list, it is null. */
export const jsonOf = (template: JsonTemplate, sources: ExpressionSources): unknown => {
  if ('is' in template) return template.is;
  if ('from' in template) return valueOf(template.from, sources);
  if ('text' in template) return textOf(template.text, sources, unchanged);
  if ('items' in template) return template.items.map((item) => jsonOf(item, sources) ?? null);
  return Object.fromEntries(
    template.members
      .map(([name, value]) => [name, jsonOf(value, sources)] as const)
      .filter(([, value]) => value !== undefined),
  );
};

/** For the value of a string that the caller of `textOf` encodes as a whole, such as one of JSON. */
export const unchanged = (value: string): string => value;

/** For a header: everything that is not visible ASCII, a space or a tab is percent-encoded, line breaks as well. */
export const inHeader = (value: string): string =>
  value.toWellFormed().replace(/[^\t\u0020-\u007e]+/g, encodeURIComponent);

/** For one segment of a path, or one name or value of a query. */
export const inUrl = (value: string): string => encodeURIComponent(value.toWellFormed());

/** With the texts between the expressions mapped. */
export const mapTexts = (template: TextTemplate, map: (text: string) => string): TextTemplate =>
  template.map((part) => (typeof part === 'string' ? map(part) : part));

/** The same of a JSON value. */
export const mapJsonTexts = (
  template: JsonTemplate,
  map: (text: string) => string,
): JsonTemplate => {
  if ('from' in template) return template;
  if ('is' in template) return { is: mapStrings(template.is, map) };
  if ('text' in template) return { text: mapTexts(template.text, map) };
  if ('items' in template) return { items: template.items.map((item) => mapJsonTexts(item, map)) };
  return {
    members: template.members.map(([name, value]) => [name, mapJsonTexts(value, map)] as const),
  };
};

const mapStrings = (value: unknown, map: (text: string) => string): unknown => {
  if (typeof value === 'string') return map(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, mapStrings(each, map)]),
  );
};

const urlOf = ({ host, basePath, segments, query }: GatewayRequest): string =>
  `https://${host}${basePath}${encodePath(segments)}${query === '' ? '' : `?${encodeQuery(query)}`}`;

/** Of each request whose body an expression refers to. */
const bodies = new WeakMap<GatewayRequest, { readonly value: unknown }>();

/** The value of a JSON body; another body is a string. Undefined: there is none, or it is not what it claims to be. */
const bodyOf = (request: GatewayRequest): unknown => {
  const known = bodies.get(request) ?? { value: readBody(request) };
  bodies.set(request, known);
  return known.value;
};

const readBody = ({ body, headers }: GatewayRequest): unknown => {
  const isEncoded = !/^(?:identity)?$/i.test(headers['content-encoding'] ?? '');
  if (body === undefined || isEncoded || !isUtf8(body)) return undefined;
  const text = body.toString('utf8');
  if (!json.test(headers['content-type'] ?? '')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** RFC 8259 and the suffix of RFC 6839 §3.1. */
const json = /^\s*(?:application\/json|[^*\s;,]+\+json)\s*(?:;|$)/i;

const valueAt = (value: unknown, pointer: readonly string[]): unknown =>
  pointer.reduce((owner, key) => {
    if (typeof owner !== 'object' || owner === null) return undefined;
    // RFC 6901 §4: an index has no leading zeros; the length of a list is no element.
    if (Array.isArray(owner) && !/^(?:0|[1-9]\d*)$/.test(key)) return undefined;
    return member(owner, key);
  }, value);

/** Not what every object inherits, such as `constructor`. */
const member = (owner: object, key: string): unknown =>
  Object.hasOwn(owner, key) ? (owner as Readonly<Record<string, unknown>>)[key] : undefined;
