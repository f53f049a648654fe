/** Keys and indices from the document's root. */
export type Path = readonly (string | number)[];

/** A position in a file that somebody wrote. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Problem extends Place {
  readonly message: string;
}

/** Reports a problem at a position of the document: at the value, or at its key. */
export type Report = (path: Path, message: string, at?: 'key' | 'value') => void;

/** In the form that editors and terminals show as a link. */
export const formatPlace = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

export const formatProblem = ({ message, ...place }: Problem): string =>
  `${formatPlace(place)}  ${message}`;

/** A problem that does not stop the compilation. */
export const formatWarning = ({ message, ...place }: Problem): string =>
  formatProblem({ ...place, message: `warning ${message}` });

/** File by file, in the order of `files`, each from its first line to its last, and each problem once. */
export const sortProblems = (
  problems: readonly Problem[],
  files: readonly string[],
): readonly Problem[] => {
  const sorted = problems.toSorted(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
  return [...new Map(sorted.map((problem) => [formatProblem(problem), problem])).values()];
};
