import type { SchemaError } from './request-schema.ts';

/**
 * A list of a million wrong items would create a million errors, of which a response reports twenty. Generated checks
 * count all errors, but keep only so many of them: their lists may be shorter than their counts, or have holes.
 */
const mostKept = 32;

/** A check has no list before its first error. */
export const addError = (errors: SchemaError[] | null, error: SchemaError): SchemaError[] => {
  if (errors === null) return [error];
  if (errors.length < mostKept) errors.push(error);
  return errors;
};

/** Adds what another check has found. */
export const addErrors = (errors: SchemaError[] | null, others: SchemaError[]): SchemaError[] => {
  if (errors === null) return others;
  for (let index = 0; index < others.length && errors.length < mostKept; index += 1) {
    const error = others[index];
    if (error !== undefined) errors.push(error);
  }
  return errors;
};
