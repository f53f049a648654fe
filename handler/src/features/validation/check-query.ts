import type { ParameterViolation } from '../../http/gateway-error.ts';
import { decodedText, foldedText } from '../../http/folded-text.ts';
import { percentDecode } from './parse-query.ts';

export type QueryCheck = (query: string) => readonly ParameterViolation[];

/**
 * Refuses names that are not declared, and so were not checked, but that a service may read as a declared parameter:
 * names in another case (ASP.NET), with brackets (PHP, Rails, Express), with white space or `+` before them (PHP), with
 * dots for underscores (PHP), encoded twice, cut at NUL (PHP) or after a semicolon (Rack 2, old Python). Also refuses
 * `_method`, by which frameworks override the method of the request.
 *
 * @param declared A name that ends in a bracket, such as `id[`, stands for all names that begin so.
 */
export const createQueryCheck = (
  declared: readonly string[],
  refusesUndeclared: boolean,
): QueryCheck => {
  const names: ReadonlySet<string> = new Set(declared);
  const beginnings = declared.filter((name) => name.endsWith('['));
  const byReading = new Map([[readAs(methodOverride), methodOverride]]);
  for (const name of declared) byReading.set(readAs(name), name);

  const readable = (written: string): string | undefined => {
    const reading = readAs(written);
    for (let end = reading.indexOf('['); end !== -1; end = reading.indexOf('[', end + 1)) {
      const name = byReading.get(reading.slice(0, end));
      if (name !== undefined) return name;
    }
    return byReading.get(reading);
  };

  /** For a name that is not exactly a declared one. */
  const checkName = (written: string): ParameterViolation | undefined => {
    const meant = readable(written);
    if (meant === undefined) return undefined;
    return names.has(meant) ? misspelt(meant) : notKnown(meant);
  };

  const checkPair = (pair: string): ParameterViolation | undefined => {
    const written = nameIn(pair);
    const name = percentDecode(written);
    const isDeclared =
      name !== undefined &&
      (names.has(name) || beginnings.some((beginning) => name.startsWith(beginning)));
    const violation = isDeclared ? undefined : checkName(written);
    if (violation !== undefined) return violation;
    if (!isDeclared && refusesUndeclared) return notKnown(name ?? written);
    return pair.includes(';') ? checkParts(pair, isDeclared ? 1 : 0) : undefined;
  };

  /** The pairs as read by a service that also separates them at semicolons. */
  const checkParts = (pair: string, first: number): ParameterViolation | undefined => {
    for (const part of pair.split(';').slice(first)) {
      const violation = checkName(nameIn(part));
      if (violation !== undefined) return violation;
      if (refusesUndeclared && part.includes('=')) return notKnown(nameIn(part));
    }
    return undefined;
  };

  return (query) => {
    const violations: ParameterViolation[] = [];
    for (const pair of query.split('&')) {
      if (pair === '') continue;
      const violation = checkPair(pair);
      if (violation !== undefined) violations.push(violation);
    }
    return violations;
  };
};

const methodOverride = '_method';
const longestEcho = 64;

const nameIn = (pair: string): string => {
  const equals = pair.indexOf('=');
  return equals === -1 ? pair : pair.slice(0, equals);
};

/** The name as the most lenient service reads it, with brackets as in `a[b[c`. */
const readAs = (written: string): string => {
  if (isPlain(written)) return written;
  // An unpaired surrogate is sent as U+FFFD, which lenient readers drop.
  const sent = written.toWellFormed();
  const decoded = decodedText(sent.replaceAll('+', ' ')).replaceAll('+', ' ');
  const text = foldedText(decoded.split('\0', 1).join().replaceAll('\ufffd', '')).trim();
  const name = text.slice(firstOfName(text)).replaceAll(/[. ]/g, '_');
  // PHP: a bracket that is not closed is an underscore.
  const closed = name.includes(']') ? name : name.replace('[', '_');
  return withoutBracketsAtEnd(closed.replaceAll(']', ''));
};

/** Fast path for most names: services read them in one way only. */
const isPlain = (name: string): boolean => {
  for (let index = 0; index < name.length; index += 1) {
    const code = name.charCodeAt(index);
    const isLetter = code >= 0x61 && code <= 0x7a;
    if (!isLetter && !(code >= 0x30 && code <= 0x39) && code !== 0x5f && code !== 0x2d)
      return false;
  }
  return true;
};

/** Rack and Express skip leading brackets, PHP leading white space; Spring reads `!name` as a default of `name`. */
const firstOfName = (text: string): number => {
  let first = 0;
  while (first < text.length && '[]! '.includes(text.charAt(first))) first += 1;
  return first;
};

const withoutBracketsAtEnd = (name: string): string => {
  let end = name.length;
  while (name.charAt(end - 1) === '[') end -= 1;
  return name.slice(0, end);
};

const misspelt = (name: string): ParameterViolation => ({
  in: 'query',
  name,
  detail: 'is also sent in another spelling, which an upstream could read instead',
});

const notKnown = (name: string): ParameterViolation => ({
  in: 'query',
  name: name.slice(0, longestEcho).toWellFormed(),
  detail: 'is not a parameter of this operation',
});
