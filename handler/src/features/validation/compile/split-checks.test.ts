import { describe, expect, it } from '@jest/globals';
import { generateChecks } from './generate-checks.ts';
import { splitChecks } from './split-checks.ts';

const reference = (name: string) => ({ $ref: `#/$defs/${name}` });
const object = (properties: object) => ({ type: 'object', properties });
const filler = object(
  Object.fromEntries(
    Array.from({ length: 400 }, (_, index) => [`p${index}`, { type: 'string', minLength: index }]),
  ),
);

const document = {
  $defs: {
    shared: object({ node: reference('node') }),
    node: object({ next: reference('pair') }),
    pair: object({ left: reference('node'), right: reference('node') }),
    a: { ...filler, allOf: [reference('shared')] },
    b: { ...filler, allOf: [reference('shared')] },
    c: filler,
  },
};
const names = new Map(['a', 'b', 'c'].map((name) => [name, ['$defs', name]] as const));

describe('the chunks of a large contract', () => {
  const checks = generateChecks(document, names, { kind: 'fits' });
  const chunks = splitChecks(checks, [['a'], ['b'], ['c']]);

  it('hold every function once', () => {
    const written = chunks.flatMap(({ units }) =>
      units.flatMap((code) => /^function (validate\d+)/.exec(code)?.[1] ?? []),
    );
    expect(new Set(written).size).toBe(written.length);
    expect(written).toHaveLength(
      [...checks.units.keys()].filter((unit) => unit.startsWith('validate')).length,
    );
  });

  it('hold what routes share apart, and what refers to itself together', () => {
    expect(chunks.map((chunk) => [...chunk.names.keys()])).toEqual([['a'], [], ['b'], ['c']]);
    expect(chunks.map(({ imports }) => [...imports.keys()])).toEqual([[1], [], [1], []]);
  });
});
