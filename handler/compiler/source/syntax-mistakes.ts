import { parseDocument, visit } from 'yaml';

export interface SyntaxMistake {
  readonly offset: number;
  readonly message: string;
}

/** Every mistake in the syntax of a text. It takes ten times as long as to read the text. */
export const syntaxMistakes = (text: string): readonly SyntaxMistake[] => {
  const document = parseDocument(text, { prettyErrors: false, version: '1.2' });
  const mistakes = [...document.errors, ...document.warnings].map(({ pos: [offset], message }) => ({
    offset,
    message: message.split('\n', 1).join(),
  }));
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return;
      const message = `the alias *${alias.source} has no anchor &${alias.source} before it`;
      mistakes.push({ offset: alias.range?.[0] ?? 0, message });
    },
  });
  return mistakes;
};
