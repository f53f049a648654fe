import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import type { FindCheck } from '../lazy-checks.ts';
import { compileSchemas } from './compile-schemas.ts';

const compiled = (schema: object) => {
  const names = new Map([['check', ['schema']]]);
  const { modules } = compileSchemas({ schema }, names, { groups: [['check']], runtime: '../src' });
  return { fits: modules['fits.js'] ?? '', explain: modules['explain.js'] ?? '' };
};

const thing = {
  type: 'object',
  required: ['a"b'],
  additionalProperties: false,
  properties: {
    kind: { enum: ['x', 'y'] },
    one: { const: 1 },
    none: false,
    'a"b': { type: ['string', 'null'], minLength: 2 },
  },
};

describe('the generated checks', () => {
  it('hold no message, and of errors nothing where only the verdict is needed', () => {
    const { fits, explain } = compiled(thing);
    for (const code of [fits, explain]) {
      expect(code).not.toMatch(/must |schemaPath|evaluated|parentData|dynamicAnchors/);
    }
    expect(fits).not.toMatch(/vErrors|instancePath|keyword/);
    expect(explain).toContain('keyword:"minLength",params:{limit: 2}');
  });

  it('are not confused by names of properties that look like generated code', () => {
    const name = ',parentData:data,rootData})"`${x}\\\n// */ vErrors = null;';
    const part = { $ref: '#/schema/$defs/part' };
    const { fits, explain } = compiled({
      properties: { [name]: part },
      required: [name],
      $defs: { part: { type: 'array', items: part } },
    });
    for (const code of [fits, explain]) {
      const plain = code.replaceAll(/^import .*$/gm, '').replaceAll('export const', 'const');
      const run = (value: unknown): boolean =>
        runInNewContext(
          `const addError = (list, error) => [...(list ?? []), error], addErrors = addError;${plain};check(value)`,
          { value },
        ) as boolean;
      expect([run({ [name]: [[]] }), run({ [name]: [1] }), run({})]).toEqual([true, false, false]);
    }
  });

  it('hand a value on to other checks of the same value', () => {
    const part = { $ref: '#/schema/$defs/part', minProperties: 1 };
    const { fits, explain } = compiled({
      ...part,
      $defs: { part: { properties: { next: part }, allOf: [part, { maxProperties: 1 }] } },
    });
    for (const code of [fits, explain]) expect(code).not.toMatch(/rootData|parentData/);
    expect(fits).not.toContain('instancePath');
  });

  it('keep a record of what was evaluated if another check reads it', () => {
    const { fits } = compiled({
      $ref: '#/schema/$defs/node',
      $defs: {
        node: {
          properties: { next: { $ref: '#/schema/$defs/node' } },
          patternProperties: { '^x': true },
          anyOf: [{ properties: { a: true } }, { $ref: '#/schema/$defs/node' }],
        },
      },
      unevaluatedProperties: false,
    });
    expect(fits).toMatch(/\.evaluated/);
  });
});

describe('the generated checks of a large contract', () => {
  it('are in files of their own, and judge as the whole does', async () => {
    const part = { properties: { id: { format: 'date' }, tags: { uniqueItems: true } } };
    const document = {
      a: { $ref: '#/part', required: ['id'] },
      b: { items: { $ref: '#/part' } },
      part,
    };
    const names = new Map([
      ['a', ['a']],
      ['b', ['b']],
    ]);
    const { modules, check, isSplit } = compileSchemas(document, names, {
      groups: [['a'], ['b']],
      runtime: '../../../src',
      largest: 0,
    });
    expect(isSplit).toBe(true);
    const folder = join(import.meta.dirname, '../../../../generated/testing/split-checks');
    await mkdir(folder, { recursive: true });
    for (const [name, code] of Object.entries(modules)) await writeFile(join(folder, name), code);
    const { find } = (await import(pathToFileURL(join(folder, 'checks.js')).href)) as {
      find: FindCheck;
    };
    const placeOf = (kind: 'fits' | 'explain', name: string) =>
      JSON.parse(
        check(kind, name, { useAll: () => '' }).replace(/^\.find\((.*)\)$/, '[$1]'),
      ) as Parameters<FindCheck>;
    const fits = (name: string, value: unknown) => find(...placeOf('fits', name))(value);
    expect(fits('a', { id: '2024-02-29', tags: [1, 2] })).toBe(true);
    expect(fits('a', {})).toBe(false);
    expect(fits('b', [{ tags: [1, 1] }])).toBe(false);
    const explain = find(...placeOf('explain', 'b'));
    expect(explain([{ id: '2023-02-29', tags: [1, 1] }])).toBe(false);
    expect(explain.errors?.map(({ instancePath }) => instancePath)).toEqual(['/0/id', '/0/tags']);
  });
});
