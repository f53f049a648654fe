import type { Validate } from '../../contract.ts';

let isAllowed = false;

/** The validator of a route that accepts values without the `format` of their schema. */
export const allowInvalidFormat =
  (validate: Validate): Validate =>
  (subject) => {
    isAllowed = true;
    try {
      return validate(subject);
    } finally {
      isAllowed = false;
    }
  };

type Test = (value: never) => boolean;
type Format = RegExp | Test | { readonly type: 'number'; readonly validate: Test };

/** A format whose check depends on the operation, which shares its schemas with others. */
export const unlessAllowed = (format: Format): object => {
  if (format instanceof RegExp)
    return { test: (value: string): boolean => isAllowed || format.test(value) };
  if (typeof format === 'function') return (value: never): boolean => isAllowed || format(value);
  const { type, validate } = format;
  return { type, validate: (value: never): boolean => isAllowed || validate(value) };
};
