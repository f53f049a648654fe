import { unescape } from 'node:querystring';

/**
 * Text as the most lenient reader compares it: compatible characters are one (NFKC), and neither case nor characters
 * that are not shown count. `ı`, `İ` and `ſ` are letters of ASCII to some.
 */
export const foldedText = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .replaceAll('i\u0307', 'i');

/** Percent-decoded as often as it can be, twice at most; what is no escape stays. */
export const decodedText = (text: string): string => {
  let decoded = text;
  for (let round = 0; round < 2 && decoded.includes('%'); round += 1) decoded = unescape(decoded);
  return decoded;
};

/**
 * A path's segment as some server compares it: decoded once more, up to what ends a segment there (parameters of
 * RFC 3986 §3.3, a query, NUL), without dots and spaces at its end, which Windows drops.
 */
export const foldedSegment = (segment: string): string => {
  if (isFolded(segment)) return segment;
  const text = foldedText(decodedText(segment));
  let end = 0;
  while (end < text.length && !endings.has(text.charAt(end))) end += 1;
  while (end > 0 && isDropped(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
};

const endings: ReadonlySet<string> = new Set([';', '/', '\\', '?', '#', '\0']);

const isDropped = (character: string): boolean => character === '.' || character === ' ';

/** What most segments are: lower-case ASCII in which nothing folds. */
const isFolded = (segment: string): boolean => {
  for (let index = 0; index < segment.length; index += 1) {
    if (isPlain[segment.charCodeAt(index)] !== 1) return false;
  }
  return !segment.endsWith('.');
};

const isPlain = new Uint8Array(128);
for (const character of "abcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@") {
  isPlain[character.charCodeAt(0)] = 1;
}
