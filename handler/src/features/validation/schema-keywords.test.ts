import { describe, expect, it } from '@jest/globals';
import { judgeBy } from '../../../testing/judge-by.ts';

describe('a price that is a multiple of 0.01', () => {
  it('is checked by decimal arithmetic', async () => {
    const judge = await judgeBy({ properties: { price: { multipleOf: 0.01 } } });
    expect(judge('{"price":19.99}')).toEqual([]);
    expect(judge('{"price":1.005}')).toEqual(['/price must be multiple of 0.01']);
    expect((await judgeBy({ multipleOf: 10 }))('{"a":1}')).toEqual([]);
    expect((await judgeBy({ multipleOf: 10 }))('15')).toEqual([' must be multiple of 10']);
    expect((await judgeBy({ multipleOf: 1 }))('1e21')).toEqual([]);
  });
});

describe('a property that is readOnly', () => {
  const id = { type: 'integer', readOnly: true };

  it.each<[where: string, schema: object, components: object]>([
    ['beside "required"', { required: ['id', 'name'], properties: { id } }, {}],
    [
      'by a reference',
      { required: ['id', 'name'], properties: { id: { $ref: '#/components/schemas/Id' } } },
      { Id: id },
    ],
    [
      'by "allOf"',
      {
        required: ['id', 'name'],
        properties: { id: { allOf: [{ readOnly: true }, { type: 'integer' }] } },
      },
      {},
    ],
    [
      'in another schema of "allOf"',
      { allOf: [{ $ref: '#/components/schemas/Base' }, { required: ['id', 'name'] }] },
      { Base: { properties: { id } } },
    ],
    [
      'around the schema that requires it',
      { properties: { id }, allOf: [{ $ref: '#/components/schemas/Must' }] },
      { Must: { required: ['id', 'name'] } },
    ],
  ])('is not required of a request: %s', async (_, schema, components) => {
    const judge = await judgeBy(schema, components);
    expect(judge({ name: 'x' })).toEqual([]);
    expect(judge({ id: 1, name: 'x' })).toEqual([]);
    expect(judge({ id: 'x', name: 'x' })).toEqual(['/id must be integer']);
    expect(judge({})).toEqual(['/name is required']);
  });

  it('is not required at any depth, in lists and in schemas that refer to themselves', async () => {
    const judge = await judgeBy(
      { $ref: '#/components/schemas/Node' },
      {
        Node: {
          required: ['id'],
          properties: { id, list: { type: 'array', items: { $ref: '#/components/schemas/Node' } } },
        },
      },
    );
    expect(judge({ list: [{ list: [{}] }] })).toEqual([]);
    expect(judge({ list: [{ id: 'x' }] })).toEqual(['/list/0/id must be integer']);
  });

  it('still applies where it distinguishes the branches of a request', async () => {
    const judge = await judgeBy({ properties: { id }, not: { required: ['id'] } });
    expect(judge({})).toEqual([]);
    expect(judge({ id: 1 })).toEqual([' must NOT be valid']);
  });

  it('is required if it is writeOnly', async () => {
    const judge = await judgeBy({ required: ['key'], properties: { key: { writeOnly: true } } });
    expect(judge({})).toEqual(['/key is required']);
  });
});

describe('a value that fits no schema of "oneOf" or "anyOf"', () => {
  const cat = {
    required: ['kind', 'lives'],
    properties: { kind: { const: 'cat' }, lives: { type: 'integer' } },
  };
  const dog = {
    required: ['kind', 'tricks'],
    properties: { kind: { const: 'dog' }, tricks: { type: 'array', items: { type: 'string' } } },
  };
  const components = { Cat: cat, Dog: dog };
  const byReference = [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }];

  it.each([
    ['oneOf', [cat, dog]],
    ['anyOf', [cat, dog]],
    ['oneOf', byReference],
    ['anyOf', byReference],
  ])('is reported with the violations of the intended schema: %s %j', async (keyword, schemas) => {
    const judge = await judgeBy({ properties: { pet: { [keyword]: schemas } } }, components);
    expect(judge({ pet: { kind: 'dog', tricks: [1] } })).toEqual(['/pet/tricks/0 must be string']);
    expect(judge({ pet: { kind: 'cat' } })).toEqual(['/pet/lives is required']);
    expect(judge({ pet: { kind: 'bird' } })).toEqual(['/pet/kind must be one of "cat", "dog"']);
    expect(judge({ pet: { kind: 'cat', lives: 9 } })).toEqual([]);
  });

  it('is reported with every type that would be valid', async () => {
    const judge = await judgeBy({ anyOf: [{ type: 'string' }, { type: ['integer', 'null'] }] });
    expect(judge('[]')).toEqual([' must be string or integer or null']);
  });

  it('is reported with the fewest violations if nothing distinguishes the schemas', async () => {
    const judge = await judgeBy({
      anyOf: [{ required: ['a', 'b', 'c'] }, { required: ['a', 'd'] }],
    });
    expect(judge({ a: 1 })).toEqual(['/d is required']);
    expect(
      (await judgeBy({ oneOf: [{ required: ['a'] }, { required: ['b'] }] }))({ a: 1, b: 1 }),
    ).toEqual([' must match exactly one schema in oneOf']);
  });
});

describe('a key that a case-insensitive reader confuses with another', () => {
  it('is refused if the schema allows undeclared properties, through every kind of schema', async () => {
    const judge = await judgeBy(
      {
        properties: { role: { const: 'user' } },
        allOf: [{ $ref: '#/components/schemas/More' }],
        patternProperties: { '^x-': { properties: { deep: true } } },
      },
      { More: { properties: { list: { items: { properties: { isAdmin: { const: false } } } } } } },
    );
    expect(judge('{"role":"user","list":[{"isAdmin":false}],"other":1}')).toEqual([]);
    expect(judge('{"role":"user","Role":"admin"}')).toEqual([
      '/Role differs from "role" only in case',
    ]);
    expect(judge('{"\\u0052ole":"admin"}')).toEqual(['/Role differs from "role" only in case']);
    expect(judge('{"list":[{"ISADMIN":true}]}')).toEqual([
      '/list/0/ISADMIN differs from "isAdmin" only in case',
    ]);
    expect(judge('{"x-a":{"Deep":1}}')).toEqual(['/x-a/Deep differs from "deep" only in case']);
    expect(judge('{"free":{"A":1,"a":2}}')).toEqual(['/free/a differs from "A" only in case']);
  });

  it('is accepted if the contract declares both', async () => {
    const judge = await judgeBy({
      allOf: [{ properties: { id: true } }, { properties: { ID: true } }],
    });
    expect(judge('{"id":1,"ID":2}')).toEqual([]);
  });
});

describe('a pattern', () => {
  it.each([
    ['^(a+)+$', 'aaa', 'aab'],
    ['(x|x)*y$', 'xxy', 'xxz'],
    ['^\\S+@\\S+\\.\\S+$', 'a@b.c', 'a@b'],
  ])('that takes more than linear time is matched by RE2: %s', async (pattern, valid, wrong) => {
    const judge = await judgeBy({ items: { pattern }, patternProperties: { [pattern]: false } });
    expect(judge([valid])).toEqual([]);
    expect(judge([wrong])).toEqual([`/0 must match pattern "${pattern}"`]);
    expect(judge({ [valid]: 1 })).toEqual([`/${valid} is not allowed`]);
    const startedAt = performance.now();
    judge([`${'a@.'.repeat(100_000)} `]);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('may have needless backslashes', async () => {
    const judge = await judgeBy({ pattern: '^a\\-b\\@c$' });
    expect(judge('"a-b@c"')).toEqual([]);
    expect(judge('"a-b"')).toEqual([' must match pattern "^a-b@c$"']);
  });
});

describe('an object', () => {
  it('must have what another property requires', async () => {
    const judge = await judgeBy({ dependentRequired: { card: ['name'], 'a"b': ['c', 'd'] } });
    expect(judge({ card: 1, name: 'x' })).toEqual([]);
    expect(judge({ card: 1 })).toEqual(['/name is required if card is present']);
    expect(judge({ 'a"b': 1, c: 1 })).toEqual(['/d is required if a"b is present']);
  });
});

describe('a value that a discriminator names the schema of', () => {
  const schema = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const pet = (name: string, type: string) => ({
    type: 'object',
    required: ['kind', name],
    properties: { kind: { type: 'string' }, [name]: { type } },
  });
  const components = {
    Cat: pet('lives', 'integer'),
    Dog: pet('size', 'string'),
    Fish: pet('a', 'null'),
  };
  const pets = { oneOf: [schema('Cat'), schema('Dog'), schema('Fish')] };
  const mapping = { cat: '#/components/schemas/Cat', hound: 'Dog' };

  it.each(['oneOf', 'anyOf'])('has the errors of that schema, in %s', async (keyword) => {
    const judge = await judgeBy(
      { [keyword]: pets.oneOf, discriminator: { propertyName: 'kind', mapping } },
      components,
    );
    expect(judge({ kind: 'cat', lives: 9 })).toEqual([]);
    expect(judge({ kind: 'cat', lives: 'x' })).toEqual(['/lives must be integer']);
    expect(judge({ kind: 'hound', size: 1, lives: 'x' })).toEqual(['/size must be string']);
    expect(judge({ kind: 'Dog', lives: 'x' })).toEqual(['/size is required']);
    expect(judge({ kind: 'Fish' })).toEqual(['/a is required']);
    expect(judge({ kind: 'bird' })).toEqual([
      '/kind must be one of "cat", "hound", "Cat", "Dog", "Fish"',
    ]);
    expect(judge({})).toEqual(['/kind is required']);
    expect(judge([])).toEqual([' must be object']);
  });

  it('has the errors of the default schema if it names none', async () => {
    const judge = await judgeBy(
      { ...pets, discriminator: { propertyName: 'kind', defaultMapping: 'Dog' } },
      components,
    );
    expect(judge({ kind: 'bird' })).toEqual(['/size is required']);
    expect(judge({ size: 1 })).toEqual(
      expect.arrayContaining(['/kind is required', '/size must be string']),
    );
  });

  it('is as valid as without the discriminator', async () => {
    const judge = await judgeBy({ ...pets, discriminator: { propertyName: 'kind' } }, components);
    expect(judge({ kind: 'Cat', size: 'small' })).toEqual([]);
    expect(judge({ kind: 'Cat', lives: 9, size: 'small' })).toEqual([
      ' must match exactly one schema in oneOf',
    ]);
  });

  it('is judged within lists and properties, and by each discriminator', async () => {
    const judge = await judgeBy(
      {
        properties: {
          pets: { type: 'array', items: schema('Pet') },
          other: {
            anyOf: [schema('Dog'), { type: 'null' }],
            discriminator: { propertyName: 'size' },
          },
        },
      },
      { ...components, Pet: { ...pets, discriminator: { propertyName: 'kind', mapping } } },
    );
    expect(
      judge({ pets: [{ kind: 'cat', lives: 1 }, { kind: 'hound' }], other: { size: 'x' } }),
    ).toEqual(['/pets/1/size is required', '/other/size must be one of "Dog"']);
  });
});

describe('a schema that is found by other names than a pointer', () => {
  it('may be generic, by dynamic anchors', async () => {
    const judge = await judgeBy(
      {
        properties: {
          texts: { $ref: '#/components/schemas/Texts' },
          numbers: { $ref: '#/components/schemas/Numbers' },
        },
      },
      {
        List: {
          type: 'array',
          items: { $dynamicRef: '#item' },
          $defs: { any: { $dynamicAnchor: 'item' } },
          $id: 'list',
        },
        Texts: {
          $id: 'texts',
          $ref: '#/components/schemas/List',
          $defs: { item: { $dynamicAnchor: 'item', type: 'string', pattern: '^(a+)+$' } },
        },
        Numbers: {
          $id: 'numbers',
          $ref: '#/components/schemas/List',
          $defs: { item: { $dynamicAnchor: 'item', type: 'number' } },
        },
      },
    );
    expect(judge({ texts: ['a'], numbers: [1] })).toEqual([]);
    expect(judge({ texts: [1, 'b'], numbers: ['a'] })).toEqual([
      '/texts/0 must be string',
      '/texts/1 must match pattern "^(a+)+$"',
      '/numbers/0 must be number',
    ]);
    const start = performance.now();
    judge({ texts: [`${'a'.repeat(100_000)}b`] });
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('may have an $id, as generators write it, and refer to components of the document', async () => {
    const judge = await judgeBy(
      { $ref: '#/components/schemas/User' },
      {
        User: { $id: 'User', properties: { id: { $ref: '#/components/schemas/Id' } } },
        Id: { $id: 'Id', type: 'integer' },
      },
    );
    expect(judge({ id: 1 })).toEqual([]);
    expect(judge({ id: 'x' })).toEqual(['/id must be integer']);
  });

  it('may be one that a discriminator names', async () => {
    const judge = await judgeBy(
      {
        oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
        discriminator: { propertyName: 'kind', mapping: { hound: 'Dog' } },
      },
      { Cat: { $id: 'Cat', required: ['lives'] }, Dog: { $id: 'Dog', required: ['a', 'b'] } },
    );
    expect(judge({ kind: 'hound' })).toEqual(['/a is required', '/b is required']);
    expect(judge({ kind: 'Cat' })).toEqual(['/lives is required']);
  });

  it('must exist', async () => {
    await expect(judgeBy({ items: { $dynamicRef: '#item' } })).rejects.toThrow(
      /^gateway\.yaml:1:\d+ {2}"#item" refers to nothing$/,
    );
  });
});
