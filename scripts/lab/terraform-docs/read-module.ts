import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Variable {
  readonly name: string;
  readonly description: string;
  readonly type: string;
  /** As written; undefined where a value must be given. */
  readonly default: string | undefined;
}

export interface Output {
  readonly name: string;
  readonly description: string;
}

export interface Module {
  readonly variables: readonly Variable[];
  readonly outputs: readonly Output[];
  /** Addresses such as `aws_sns_topic.alarms`. */
  readonly resources: readonly string[];
}

/** Reads what a module takes, gives and makes, from files as `terraform fmt` leaves them. */
export const readModule = (folder: string): Module =>
  parseModule(
    readdirSync(folder)
      .filter((file) => file.endsWith('.tf'))
      .sort()
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n'),
  );

export const parseModule = (source: string): Module => {
  const blocks = [...source.matchAll(block)].map(([, kind, first = '', second, body = '']) => ({
    kind,
    name: second ?? first,
    address: `${first}.${second}`,
    body,
  }));
  const named = (kind: string) =>
    blocks.filter((one) => one.kind === kind).sort((a, b) => a.name.localeCompare(b.name));
  return {
    variables: named('variable').map(({ name, body }) => ({
      name,
      description: text(attribute(body, 'description')),
      type: onOneLine(attribute(body, 'type') ?? 'any'),
      default: optional(onOneLine, attribute(body, 'default')),
    })),
    outputs: named('output').map(({ name, body }) => ({
      name,
      description: text(attribute(body, 'description')),
    })),
    resources: named('resource')
      .map(({ address }) => address)
      .sort(),
  };
};

/** The declarations of variables, as they are written. */
export const variableBlocks = (source: string): readonly string[] =>
  [...source.matchAll(block)].filter(([, kind]) => kind === 'variable').map(([text]) => text);

/** A block from the first column to the brace that closes it there, or on one line. */
const block = /^(\w+) "([^"]+)"(?: "([^"]+)")? \{(?:\}|\n([\s\S]*?)^\})/gm;

/** An argument of the block itself, two columns in, with the deeper lines that belong to it. */
const attribute = (body: string, name: string): string | undefined =>
  new RegExp(`^  ${name} *= *(.*(?:\\n(?:    .*|  [\\]})].*))*)`, 'm').exec(body)?.[1];

const text = (literal: string | undefined): string =>
  literal === undefined ? '' : (JSON.parse(literal) as string);

const onOneLine = (expression: string): string =>
  expression
    .replace(/([{[(])\n\s*/g, (_, bracket: string) => (bracket === '{' ? '{ ' : bracket))
    .replace(/,?\n\s*([}\])])/g, (_, bracket: string) => (bracket === '}' ? ' }' : bracket))
    .replace(/,?\n\s*/g, ', ')
    .replace(/ {2,}/g, ' ');

const optional = <T, R>(map: (value: T) => R, value: T | undefined): R | undefined =>
  value === undefined ? undefined : map(value);
