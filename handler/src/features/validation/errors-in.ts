import { errorsOf } from './explain-error.ts';
import type { SchemaError, ValueCheck } from './request-schema.ts';

/** What is wrong with a value that so many bytes were read as. */
export const errorsIn = (
  { fits, explain, limit }: ValueCheck,
  bytes: number,
  value: unknown,
): readonly SchemaError[] => {
  const limited = <T>(work: () => T): T => (limit === undefined ? work() : limit(bytes, work));
  try {
    return limited(() => fits(value)) ? [] : limited(() => errorsOf(explain, value));
  } catch (error) {
    // A schema that refers to itself is checked by recursion, and the client chooses the depth.
    if (error instanceof RangeError) return [{ instancePath: '', keyword: 'depth', params: {} }];
    throw error;
  }
};
