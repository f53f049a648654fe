import type { SegmentTemplate } from '../contract.ts';
import { foldedSegment, foldedText } from '../http/folded-text.ts';
import { unsafeSegment } from '../http/upstream-path.ts';

/** Undefined for a literal, and for a parameter that is a whole segment. */
export const segmentTemplate = (segment: string): SegmentTemplate | undefined => {
  if (!segment.includes('{') || /^\{[^{}]*\}$/.test(segment)) return undefined;
  const literals = segment.split(/\{[^{}]*\}/);
  const folded = literals.map(foldedText);
  return {
    names: Array.from(segment.matchAll(/\{([^{}]*)\}/g), ([, name = '']) => name),
    weight: literals.join('').length,
    read: (text) => valuesBetween(literals, text),
    fitsFolded: (text) => valuesBetween(folded, foldedSegment(text)) !== undefined,
  };
};

/** In linear time, unlike a regular expression with several wildcards. */
const valuesBetween = (
  [first = '', ...literals]: readonly string[],
  text: string,
): readonly string[] | undefined => {
  if (!text.startsWith(first)) return undefined;
  const values: string[] = [];
  let start = first.length;
  for (const [index, literal] of literals.entries()) {
    const isLast = index === literals.length - 1;
    const end = isLast ? text.length - literal.length : text.indexOf(literal, start + 1);
    const value = text.slice(start, end);
    const fits = end > start && text.startsWith(literal, end) && !unsafeSegment.test(value);
    if (!fits) return undefined;
    values.push(value);
    start = end + literal.length;
  }
  return values;
};
