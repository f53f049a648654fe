import { unescape } from 'node:querystring';

/**
 * Text as the most lenient reader compares it: compatible characters are equal (NFKC), and case and invisible
 * characters are ignored. Some readers convert `ı`, `İ` and `ſ` to ASCII letters.
 */
export const foldedText = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .replaceAll('i\u0307', 'i');

/** Percent-decoded at most twice. Invalid escapes are unchanged. */
export const decodedText = (text: string): string => {
  let decoded = text;
  for (let round = 0; round < 2 && decoded.includes('%'); round += 1) decoded = unescape(decoded);
  return decoded;
};

/**
 * A path segment as the most lenient server compares it: decoded once more, cut where a segment ends for that server
 * (parameters of RFC 3986 §3.3, a query, NUL), without the trailing dots and spaces that Windows drops.
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

/** Fast path for most segments: lower-case ASCII, unchanged by folding. */
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
