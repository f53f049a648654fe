import type { ScalarType } from './request-schema.ts';

/** Reads a parameter's text as the type its schema asks for; text that is no such thing stays text, and fails there. */
export const readScalar = (text: string, types: readonly ScalarType[]): unknown => {
  if (types.includes('number') && jsonNumber.test(text)) {
    const number = Number(text);
    if (Number.isFinite(number)) return number;
  }
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.includes('null') && text === '') return null;
  return text;
};

/** RFC 8259 §6: what `Number()` takes beyond it, such as `0x10` or an empty text, is no number here. */
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;
