import type { ScalarType } from './request-schema.ts';

/**
 * Converts a parameter's text to the type of its schema. Text that cannot be converted stays text, and the schema then
 * rejects it.
 */
export const readScalar = (text: string, types: readonly ScalarType[]): unknown => {
  if (types.includes('number') && jsonNumber.test(text)) {
    const number = Number(text);
    if (Number.isFinite(number)) return number;
  }
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.includes('null') && text === '') return null;
  return text;
};

/** RFC 8259 §6: other texts that `Number()` accepts, such as `0x10` or an empty text, are not numbers here. */
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;
