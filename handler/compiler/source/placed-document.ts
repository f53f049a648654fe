import type { Path, Place } from '../problem.ts';

/** Where the value at a path, or its key, was written. For a path that does not exist: where its closest parent was. */
export type Locate = (path: Path, at: 'key' | 'value') => Place;

/** A document as plain data, and the file, line and column of each of its parts. */
export interface PlacedDocument {
  readonly value: unknown;
  readonly locate: Locate;
}
