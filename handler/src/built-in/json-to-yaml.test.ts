import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { jsonToYaml } from './json-to-yaml.ts';

describe('the YAML of a JSON text', () => {
  it('is in block style, with quotes only where they are needed', () => {
    const document = {
      openapi: '3.1.0',
      paths: { '/users/{id}': { get: { tags: ['users', 'no'], security: [{ session: [] }] } } },
      components: { schemas: { Size: { type: 'integer', minimum: 1, enum: [1, null, true] } } },
    };
    expect(jsonToYaml(JSON.stringify(document))).toBe(`openapi: "3.1.0"
paths:
  /users/{id}:
    get:
      tags:
        - users
        - "no"
      security:
        - session: []
components:
  schemas:
    Size:
      type: integer
      minimum: 1
      enum:
        - 1
        - null
        - true
`);
  });

  it.each(['1.1', '1.2'] as const)('has the same value in YAML %s', (version) => {
    const keys = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('on', 'y', '200', '~', ''),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'binary' }),
        fc.constantFrom('yes', 'Null', '1e3', '.inf', '- a', 'a: b', 'a #b', '2020-01-01', '<<'),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('tree')),
        fc.dictionary(keys, tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(keys, tree, { minKeys: 1 }), (value) => {
        const json = JSON.stringify(value);
        const back: unknown = parse(jsonToYaml(json), { version, merge: false });
        expect(JSON.parse(JSON.stringify(back))).toEqual(JSON.parse(json));
      }),
    );
  });
});
