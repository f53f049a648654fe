import { CommandError } from '../../stack/command-line/command-error.ts';

const begin = '<!-- BEGIN_TF_DOCS -->';
const end = '<!-- END_TF_DOCS -->';

/** The document with this between its two marks, in place of what is there. */
export const withGeneratedPart = (file: string, document: string, generated: string): string => {
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from === -1 || to < from) {
    throw new CommandError(`${file} needs a line ${begin} and after it a line ${end}`);
  }
  return `${document.slice(0, from)}${begin}\n\n${generated}\n\n${document.slice(to)}`;
};
