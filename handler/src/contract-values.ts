import type { SettingsReader } from './environment.ts';

/** `${name}` in a text of the contract: a value that differs by environment. */
const reference = /\$\{(\w+)\}/g;

/** The names of the values that the texts refer to, in their order. */
export const valueNames = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => [...text.matchAll(reference)].map(([, name = '']) => name));

export const filled = (text: string, valueOf: (name: string) => string): string =>
  text.replace(reference, (_, name: string) => valueOf(name));

/** The entries of a list: a value may be several, separated by commas, or none. */
export const filledList = (
  texts: readonly string[],
  valueOf: (name: string) => string,
): readonly string[] =>
  texts
    .flatMap((text) => filled(text, valueOf).split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** The environment variable of the function that has the value. */
export const valueVariable = (name: string): string => `GATEWAY_VALUE_${name}`;

/** Reads values by name. One that is missing is a misconfiguration. */
export const valueReader =
  ({ read }: SettingsReader): ((name: string) => string) =>
  (name) =>
    read(valueVariable(name), `what the contract calls ${name}`, (text) => text);
