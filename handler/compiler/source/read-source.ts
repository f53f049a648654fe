import type { Problem } from '../problem.ts';
import { bundleReferences } from './bundle-references.ts';
import type { PlacedDocument } from './placed-document.ts';
import { ProjectFiles, type ReadFile } from './project-files.ts';

/** The contract as one document, whichever files it was written in. */
export interface Source extends PlacedDocument {
  /** If there are any, `value` is not reliable. */
  readonly problems: readonly Problem[];
  /** All files that were read, the contract first, and those that should have been. */
  readonly files: readonly string[];
}

interface Files {
  readonly file: string;
  readonly readFile?: ReadFile;
}

/** Reads the contract and the files that it names. */
export const readSource = (text: string, { file, readFile }: Files): Source => {
  const files = new ProjectFiles(readFile);
  const document = bundleReferences(files.add(file, text), file, files);
  const { value, locate } = document;
  return { value, locate, problems: files.problems, files: files.names };
};
