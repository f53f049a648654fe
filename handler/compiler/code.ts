import type { Code } from './contract-part.ts';

/** A value as JavaScript. */
export const literal = (value: unknown): Code =>
  value === undefined ? 'undefined' : JSON.stringify(value);

export const emitObject = (members: Readonly<Record<string, Code>>): Code =>
  `{ ${Object.entries(members)
    .map(([name, code]) => `${name}: ${code}`)
    .join(', ')} }`;

export const emitList = (items: readonly Code[]): Code => `[${items.join(', ')}]`;
