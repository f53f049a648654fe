import type { Problem } from '../problem.ts';
import type { PlacedDocument } from './placed-document.ts';
import { readYaml } from './yaml-source.ts';

/** Returns the text of a file, whose path is from the project folder. Throws an error that says why it cannot. */
export type ReadFile = (file: string) => string;

/** The contract as one document, whichever files it was written in. */
export interface Source extends PlacedDocument {
  /** If there are any, `value` is not reliable. */
  readonly problems: readonly Problem[];
  /** All files that were read, the contract first. */
  readonly files: readonly string[];
}

interface Files {
  readonly file: string;
  readonly readFile?: ReadFile;
}

/** Reads the contract and the files that it names. */
export const readSource = (text: string, { file }: Files): Source => ({
  ...readYaml(text, file),
  files: [file],
});
