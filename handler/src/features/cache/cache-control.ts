/** Directives of `Cache-Control` by name in lower case; `true` where one has no value. */
export type Directives = ReadonlyMap<string, string | true>;

/**
 * RFC 9111 §5.2: names are case-insensitive, a value is a token or a quoted string. Of several directives with one name
 * the first counts (§4.2.1).
 */
export const readDirectives = (header: string | undefined): Directives => {
  const directives = new Map<string, string | true>();
  if (header === undefined) return directives;
  for (const part of header.match(parts) ?? []) {
    const split = part.indexOf('=');
    const name = (split < 0 ? part : part.slice(0, split)).trim().toLowerCase();
    if (name !== '' && !directives.has(name))
      directives.set(name, split < 0 || unquoted(part.slice(split + 1)));
  }
  return directives;
};

/** A comma in quotation marks does not separate. */
const parts = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g;

const unquoted = (value: string): string => value.trim().replace(/^"(.*)"$/, '$1');

/** Whole seconds (RFC 9111 §1.2.2). Anything else counts as 0, so that a response is stale (§4.2.1). */
export const secondsOf = (directives: Directives, name: string): number | undefined => {
  const value = directives.get(name);
  if (value === undefined) return undefined;
  return typeof value === 'string' && /^\d+$/.test(value)
    ? Math.min(Number(value), mostSeconds)
    : 0;
};

/** RFC 9111 §1.2.2: a larger number counts as this. */
const mostSeconds = 2 ** 31;

/** RFC 9111 §5.1: the first value of `Age`, if it is a number of seconds. */
export const ageOf = (header: string | undefined): number => {
  const [first = ''] = header?.split(',') ?? [];
  return /^\s*\d+\s*$/.test(first) ? Math.min(Number(first), mostSeconds) : 0;
};

/** Epoch milliseconds; undefined for what is no HTTP date (RFC 9110 §5.6.7). The asctime form counts as none. */
export const timeOf = (date: string | undefined): number | undefined => {
  if (date === undefined || !httpDate.test(date)) return undefined;
  const time = Date.parse(date);
  return Number.isNaN(time) ? undefined : time;
};

const httpDate = /^[a-z]{3,9}, \d{2}(?: [a-z]{3} \d{4}|-[a-z]{3}-\d{2}) \d{2}:\d{2}:\d{2} GMT$/i;
