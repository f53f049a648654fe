import { LineCounter } from 'yaml';

/** Line and column, from 1, of an offset in a text. */
export const linesOf = (
  text: string,
): ((offset: number) => { readonly line: number; readonly column: number }) => {
  let counter: LineCounter | undefined;
  return (offset) => {
    counter ??= startsIn(text);
    const { line, col } = counter.linePos(offset);
    return { line, column: col };
  };
};

const startsIn = (text: string): LineCounter => {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1))
    counter.addNewLine(end + 1);
  return counter;
};
