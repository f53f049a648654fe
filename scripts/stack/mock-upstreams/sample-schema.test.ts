import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { createSampler } from './sample-schema.ts';

const components = {
  schemas: {
    User: {
      type: 'object',
      required: ['id', 'name', 'manager', 'roles'],
      properties: {
        id: { type: 'string', format: 'uuid' },
        name: { type: 'string', pattern: '^[A-Z][a-z]{2,8}$' },
        email: { type: 'string', format: 'email', example: 'no e-mail address' },
        born: { type: 'string', format: 'date' },
        manager: { anyOf: [{ $ref: '#/components/schemas/User' }, { type: 'null' }] },
        reports: { type: 'array', items: { $ref: '#/components/schemas/User' } },
        roles: { type: 'array', minItems: 2, uniqueItems: true, items: { enum: ['a', 'b', 'c'] } },
      },
      additionalProperties: false,
    },
    Kind: { type: 'string', enum: ['cat', 'dog'] },
    Cat: {
      type: 'object',
      required: ['kind'],
      properties: { kind: { enum: ['cat'], allOf: [{ $ref: '#/components/schemas/Kind' }] } },
    },
    Dog: {
      type: 'object',
      required: ['kind', 'barks'],
      properties: { kind: { const: 'dog' }, barks: { type: 'boolean' } },
    },
  },
};

const validate = (schema: object, value: unknown): boolean => {
  const ajv = new Ajv2020({ strict: false, formats: fullFormats });
  return ajv.validate({ ...schema, components }, value);
};

describe('a sample', () => {
  const sampler = createSampler({ components });

  it.each<[string, object]>([
    ['a recursive object with patterns and formats', { $ref: '#/components/schemas/User' }],
    ['a list', { type: 'array', minItems: 3, items: { $ref: '#/components/schemas/User' } }],
    [
      'one of several objects',
      { oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }] },
    ],
    ['an object of two', { allOf: [{ $ref: '#/components/schemas/Dog' }, { required: ['age'] }] }],
    ['a number in steps', { type: 'number', exclusiveMinimum: 0, maximum: 1, multipleOf: 0.25 }],
    ['a text of a length', { type: 'string', minLength: 40, maxLength: 41 }],
    ['an example that is wrong', { type: 'integer', examples: ['one'] }],
    ['a default', { type: 'string', default: 'x', minLength: 1 }],
  ])('is valid for %s', (_, schema) => {
    const value = sampler.sample(schema);
    expect({ value, isValid: validate(schema, value) }).toMatchObject({ isValid: true });
  });

  it('is the same in every process', () => {
    const schema = { $ref: '#/components/schemas/User' };
    const others = [createSampler({ components }), createSampler({ components })];
    const [one, other] = others.map((each) => each.sample(schema));
    expect(one).toEqual(other);
    expect(JSON.stringify(one)).toBe(JSON.stringify(sampler.sample({ ...schema })));
  });

  it('prefers the examples of the schema', () => {
    expect(sampler.sample({ type: 'string', examples: ['Ada'] })).toBe('Ada');
  });

  it('exists for a schema that no value satisfies', () => {
    expect(sampler.sample({ type: 'string', pattern: '^a$', format: 'uuid' })).toMatch(/./);
  });
});
