import { describe, expect, it } from '@jest/globals';
import { compileSchemas } from './compile-schemas.ts';

const compiled = (schema: object) => {
  const names = new Map([['check', ['schema']]]);
  return compileSchemas({ schema }, { fits: names, explain: names }, '../src');
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
  it('hold no text that the gateway replaces by its own, nor state that nothing reads', () => {
    const { fits, explain } = compiled(thing);
    for (const code of [fits, explain]) {
      expect(code).not.toMatch(
        /must be (string|object|equal)|additional properties|boolean schema/,
      );
      expect(code).not.toMatch(/schemaPath|\.evaluated/);
      expect(code).toContain('must NOT have fewer than 2 characters');
    }
  });

  it('keep that state if another check reads it', () => {
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
