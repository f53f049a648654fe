import { groupBy } from './group-by.ts';

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

/** A problem, or a warning with all the places that it is about. */
export interface Finding extends Problem {
  readonly severity: 'error' | 'warning';
  /** In the order of the files; the first is that of the finding. */
  readonly places: readonly Place[];
}

export const formatFinding = ({ severity, message, places, ...place }: Finding): string => {
  const word = severity === 'warning' ? 'warning ' : '';
  return `${formatPlace(place)}  ${word}${message}${formatOthers(places)}`;
};

const formatOthers = ([first, ...others]: readonly Place[]): string => {
  if (others.length === 0) return '';
  const shown = others
    .slice(0, 3)
    .map((place) => formatPlace(place).replace(`${first?.file}:`, ''))
    .join(', ');
  const rest = others.length > 3 ? ` and ${others.length - 3} more` : '';
  return ` (${others.length + 1} places: also ${shown}${rest})`;
};

/**
 * File by file, in the order of `files`, each from its first line to its last. Each problem is one finding; equal
 * warnings are one, at the first of their places.
 */
export const findingsOf = (
  { problems, warnings }: Readonly<Record<'problems' | 'warnings', readonly Problem[]>>,
  files: readonly string[],
): readonly Finding[] => {
  const order = new Map(files.map((file, index) => [file, index]));
  const sorted = <T extends Place>(places: readonly T[]): readonly T[] =>
    places.toSorted(
      (a, b) =>
        (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) ||
        a.line - b.line ||
        a.column - b.column,
    );
  const findings = (
    severity: Finding['severity'],
    list: readonly Problem[],
    keyOf: (problem: Problem) => string,
  ): Finding[] =>
    [...groupBy(sorted(list), keyOf).values()].flatMap(([first, ...others]) => {
      if (first === undefined) return [];
      const places = new Map([first, ...others].map((each) => [formatPlace(each), placeOf(each)]));
      return [{ ...first, severity, places: [...places.values()] }];
    });
  return sorted([
    ...findings('error', problems, (problem) => `${formatPlace(problem)} ${problem.message}`),
    ...findings('warning', warnings, ({ message }) => message),
  ]);
};

const placeOf = ({ file, line, column }: Place): Place => ({ file, line, column });
