import { follow } from './references.ts';

/** An object of a document; its members are not checked. */
export type Part = Readonly<Record<string, unknown>>;

/** An object of the document, behind its reference if it is one. */
export const objectIn = (document: object, value: unknown): Part => {
  const found = follow<unknown>(document, { value, path: [] })?.value;
  return typeof found === 'object' && found !== null ? (found as Part) : {};
};

/** The `example` of a media type, header or parameter, or one of its `examples`. Undefined: it has none. */
export const exampleOf = (document: object, owner: Part, name?: string): unknown => {
  const examples = objectIn(document, owner['examples']);
  const chosen = name === undefined ? Object.keys(examples)[0] : name;
  if (name === undefined && 'example' in owner) return owner['example'];
  return chosen === undefined ? undefined : objectIn(document, examples[chosen])['value'];
};

/**
 * OpenAPI 3.1, Response Object: a declared Content-Type is ignored. The others follow from the body, or are the
 * gateway's own.
 */
export const isOwnHeader = (name: string): boolean =>
  !/^(?:content-(?:type|length|encoding)|ratelimit(?:-policy)?|idempotent-replayed|age|cache-status)$/i.test(
    name,
  );

/** The preferred status, else the first success, else the first that is declared. */
export const chooseResponse = (
  responses: Part,
  prefer: string,
): [status: number, response: unknown] => {
  const preferred = /code="?([1-5]\d\d)/.exec(prefer)?.[1];
  const codes = Object.keys(responses).toSorted();
  const code =
    preferred === undefined
      ? (codes.find((each) => each.startsWith('2')) ??
        codes.find((each) => each === 'default') ??
        codes[0])
      : [preferred, `${preferred[0]}XX`, 'default'].find((each) => each in responses);
  const status = Number(preferred ?? code?.replace(/XX$/i, '00'));
  return [status >= 200 ? status : 200, code === undefined ? undefined : responses[code]];
};

/** The type that the client prefers most (RFC 9110 §12.5.1), JSON before others; any if it accepts none. */
export const chooseMedia = (content: Part, accept = '*/*'): [type?: string, media?: unknown] => {
  const ranges = accept.toLowerCase().split(',').map(readRange);
  const ranked = Object.entries(content).map(([type, media]) => {
    const qualities = ranges.map(({ matches, quality }) => (matches(concrete(type)) ? quality : 0));
    return { type, media, rank: 2 * Math.max(...qualities) + (isJson(type) ? 0.001 : 0) };
  });
  const [best] = ranked.toSorted((a, b) => b.rank - a.rank);
  return best === undefined ? [] : [best.type, best.media];
};

const readRange = (text: string) => {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim());
  const quality = parameters.find((each) => each.startsWith('q='))?.slice(2);
  return {
    quality: quality === undefined ? 1 : Number(quality) || 0,
    matches: (type: string): boolean =>
      range === '*/*' ||
      (range.endsWith('/*') ? type.startsWith(range.slice(0, -1)) : type.startsWith(range)),
  };
};

const isJson = (type: string): boolean => /[/+]json\b/i.test(type);

/** A range such as `image/*` is no type of a body. */
export const concrete = (type: string): string =>
  type.endsWith('/*') ? (type === '*/*' ? 'application/json' : type.replace('*', 'plain')) : type;

export const bodyText = (type: string, value: unknown): string => {
  if (isJson(concrete(type))) return JSON.stringify(value === undefined ? {} : value);
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

export const headerText = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).replace(/[^\t -~]/g, '?');
