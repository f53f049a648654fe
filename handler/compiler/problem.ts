/** Keys and indices from the document's root. */
export type Path = readonly (string | number)[];

export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Reports a problem at a position of the document: at the value, or at its key. */
export type Report = (path: Path, message: string, at?: 'key' | 'value') => void;

/** In the form that editors and terminals show as a link. */
export const formatProblem = (file: string, { line, column, message }: Problem): string =>
  `${file}:${line}:${column}  ${message}`;

/** A problem that does not stop the compilation. */
export const formatWarning = (file: string, { message, ...place }: Problem): string =>
  formatProblem(file, { ...place, message: `warning ${message}` });

/** In the order of the document, each once. */
export const sortProblems = (problems: readonly Problem[]): Problem[] => {
  const byPlace = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return byPlace.filter((problem, index) => {
    const last = byPlace[index - 1];
    return (
      last?.line !== problem.line ||
      last.column !== problem.column ||
      last.message !== problem.message
    );
  });
};
