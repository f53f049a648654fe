/** Keys and indices from the document's root. */
export type Path = readonly (string | number)[];

export interface Fault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Notes a fault at a place of the document: at the value there, or at the key that holds it. */
export type Report = (path: Path, message: string, at?: 'key' | 'value') => void;

/** In the form that editors and terminals make a link of. */
export const formatFault = (file: string, { line, column, message }: Fault): string =>
  `${file}:${line}:${column}  ${message}`;

/** A fault that stops nothing. */
export const formatWarning = (file: string, { message, ...place }: Fault): string =>
  formatFault(file, { ...place, message: `warning ${message}` });

/** In the order of the document, each once. */
export const sortFaults = (faults: readonly Fault[]): Fault[] => {
  const byPlace = faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return byPlace.filter((fault, index) => {
    const last = byPlace[index - 1];
    return (
      last?.line !== fault.line || last.column !== fault.column || last.message !== fault.message
    );
  });
};
