import { createRequire } from 'node:module';
import type { Validate } from '../../contract.ts';

/** Loads a file beside the code. */
export type LoadFile = (file: string) => unknown;

export const loadFrom = (folder: string): LoadFile => createRequire(`${folder}/index.js`);

/** What a file of validators exports: it is given the names that they use. */
type MakeValidators = (given: object) => ReadonlyArray<() => Validate>;

/**
 * The validators of a large contract, in files beside the code: a validator is made when a request first needs it, so
 * that the start of the function hardly grows with the contract.
 */
export const lazyRequests =
  (load: LoadFile, given: object) =>
  (file: string, index: number): Validate => {
    let validate: Validate | undefined;
    return (subject) => {
      validate ??= (load(file) as MakeValidators)(given)[index]?.();
      if (validate === undefined) throw new TypeError(`${file} has no validator ${index}`);
      return validate(subject);
    };
  };
