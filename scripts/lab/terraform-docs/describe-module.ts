import type { Module, Output, Variable } from './read-module.ts';

/** Tables of what a module takes, gives and makes, in Markdown. */
export const describeModule = ({ variables, outputs, resources }: Module): string =>
  [
    ...section('Inputs', ['Name', 'Description', 'Type', 'Default'], variables.map(variableRow)),
    ...section('Outputs', ['Name', 'Description'], outputs.map(outputRow)),
    ...section(
      'Resources',
      ['Address'],
      resources.map((address) => [code(address)]),
    ),
  ].join('\n\n');

const variableRow = ({ name, description, type, default: value }: Variable): string[] => [
  code(name),
  description,
  code(type),
  value === undefined ? 'required' : code(value),
];

const outputRow = ({ name, description }: Output): string[] => [code(name), description];

const section = (
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string[] =>
  rows.length === 0
    ? []
    : [`## ${title}`, [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')];

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const code = (words: string): string => `\`${words}\``;
