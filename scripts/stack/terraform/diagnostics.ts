import { relative, resolve } from 'node:path';
import { projectFolder } from '../command-line/folders.ts';
import { note } from '../command-line/step.ts';

/** What Terraform reports with `-json`, as far as it is read here. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail?: string;
  /** Of the resource that it is about. */
  readonly address?: string;
  readonly range?: { readonly filename: string; readonly start: { readonly line: number } };
}

/** Where Terraform ran, and which file of the user's it was given a copy of. */
export interface Files {
  readonly folder: string;
  readonly copy?: string | undefined;
  readonly original?: string | undefined;
}

export const diagnosticsOf = (stdout: string): readonly Diagnostic[] =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .flatMap((line) => {
      const { diagnostic } = JSON.parse(line) as { readonly diagnostic?: Diagnostic };
      return diagnostic === undefined ? [] : [diagnostic];
    });

/** The position in the user's file, the problem, and Terraform's explanation. */
export const describeDiagnostic = (diagnostic: Diagnostic, files: Files): string => {
  const { summary, detail = '', address } = diagnostic;
  const place = [placeOf(diagnostic, files), address].filter(Boolean).join(', ');
  return withOriginal(`${place === '' ? '' : `${place}: `}${summary}\n${detail}`, files).trim();
};

/** `file:line`, from the project's folder; undefined where Terraform names no place. */
export const placeOf = ({ range }: Diagnostic, { folder, ...files }: Files): string | undefined => {
  if (range === undefined) return undefined;
  const file = resolve(folder, range.filename);
  const edited = file === files.copy && files.original !== undefined ? files.original : file;
  return `${relative(projectFolder, edited)}:${range.start.line}`;
};

const withOriginal = (text: string, { copy, original }: Files): string =>
  copy === undefined || original === undefined
    ? text
    : text.replaceAll(copy, relative(projectFolder, original));

/** One line for each thing that Terraform warns of, wherever and however often it does. */
export const describeWarnings = (
  diagnostics: readonly Diagnostic[],
  files: Files,
): readonly string[] => {
  const places = new Map<string, string[]>();
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity !== 'warning') continue;
    const { summary, detail = '', address } = diagnostic;
    const [reason = ''] = detail.split('\n');
    const text = withOriginal(reason === '' ? summary : `${summary}: ${reason}`, files);
    const place = placeOf(diagnostic, files) ?? address ?? '';
    const known = places.get(text);
    if (known === undefined) places.set(text, [place]);
    else if (!known.includes(place)) known.push(place);
  }
  return [...places].map(([text, [first = '', ...others]]) => {
    const where = others.length === 0 ? first : `${first} and ${others.length} more`;
    return where === '' ? text : `${text} (${where})`;
  });
};

/** A plan and its apply warn of the same. */
const shown = new Set<string>();

export const showWarnings = (diagnostics: readonly Diagnostic[], files: Files): void => {
  for (const line of describeWarnings(diagnostics, files)) {
    if (!shown.has(line)) note(`Terraform warns: ${line}`);
    shown.add(line);
  }
};
