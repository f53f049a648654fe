import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { compileSchemas } from './compile-schemas.ts';

const compiled = (schema: object) => {
  return compileSchemas({ schema }, new Map([['check', ['schema']]]), '../src');
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
