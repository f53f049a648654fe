import { describe, expect, it } from '@jest/globals';
import { loadContract } from '../../../testing/load-contract.ts';
import type { Subject } from '../../contract.ts';

/** Checks requests with one parameter, or several. Each violation is `name detail`. */
const judgeBy = async (...parameters: readonly object[]) => {
  const { routes } = await loadContract(
    JSON.stringify({
      openapi: '3.2.0',
      info: { title: 'Test', version: '1' },
      'x-postern': {
        version: 1,
        upstreams: { a: { http: {} } },
        defaults: { rateLimits: [], upstream: 'a', request: { undeclaredQuery: 'deny' } },
      },
      security: [],
      paths: {
        '/a': { get: { parameters: parameters.filter((parameter) => !isInPath(parameter)) } },
        '/a/{color}': {
          get: {
            parameters: parameters
              .filter(isInPath)
              .concat(
                parameters.some(isInPath)
                  ? []
                  : [{ name: 'color', in: 'path', required: true, schema: {} }],
              ),
          },
        },
      },
    }),
  );
  const validate = routes.find(
    ({ id }) => id === (parameters.some(isInPath) ? 'GET /a/{color}' : 'GET /a'),
  )?.validate;
  return (given: Partial<Subject>) =>
    validate?.({
      params: {},
      query: '',
      headers: {},
      cookies: [],
      body: undefined,
      ...given,
    }).map((violation) => ('name' in violation ? `${violation.name} ${violation.detail}` : ''));
};

const isInPath = (parameter: object): boolean => 'in' in parameter && parameter.in === 'path';

const list = { type: 'array', items: { enum: ['blue', 'black', 'brown'] }, minItems: 3 };
const object = {
  type: 'object',
  additionalProperties: false,
  required: ['R', 'G', 'B'],
  properties: {
    R: { type: 'integer', maximum: 255 },
    G: { type: 'integer', maximum: 255 },
    B: { type: 'integer', maximum: 255 },
  },
};
const text = { enum: ['blue'] };
const empty = { type: 'string', maxLength: 0 };

type Row = readonly [
  style: string,
  explode: boolean,
  place: string,
  schema: object,
  written: string,
  wrong: string,
];

/** OpenAPI 3.2, "Style Examples": what is written for `color`, and a text that differs from it in a value. */
const table: readonly Row[] = [
  ['matrix', false, 'path', empty, ';color', ';color=x'],
  ['matrix', false, 'path', text, ';color=blue', ';color=red'],
  ['matrix', false, 'path', list, ';color=blue,black,brown', ';color=blue,black,red'],
  ['matrix', false, 'path', object, ';color=R,100,G,200,B,150', ';color=R,100,G,200,B,x'],
  ['matrix', true, 'path', empty, ';color', ';color=x'],
  ['matrix', true, 'path', text, ';color=blue', ';color=red'],
  ['matrix', true, 'path', list, ';color=blue;color=black;color=brown', ';color=blue;color=black'],
  ['matrix', true, 'path', object, ';R=100;G=200;B=150', ';R=100;G=200;B=x'],
  ['label', false, 'path', empty, '.', '.x'],
  ['label', false, 'path', text, '.blue', '.red'],
  ['label', false, 'path', list, '.blue,black,brown', '.blue,black,red'],
  ['label', false, 'path', object, '.R,100,G,200,B,150', '.R,100,G,200,B,x'],
  ['label', true, 'path', text, '.blue', 'blue'],
  ['label', true, 'path', list, '.blue.black.brown', '.blue.black.red'],
  ['label', true, 'path', object, '.R=100.G=200.B=150', '.R=100.G=200'],
  ['simple', false, 'path', text, 'blue', 'red'],
  ['simple', false, 'path', list, 'blue,black,brown', 'blue,black,red'],
  ['simple', false, 'path', object, 'R,100,G,200,B,150', 'R,100,G,200,B'],
  ['simple', true, 'path', list, 'blue,black,brown', 'blue,black,red'],
  ['simple', true, 'path', object, 'R=100,G=200,B=150', 'R=100,G=200,B=x'],
  ['simple', false, 'header', list, 'blue, black, brown', 'blue, black, red'],
  ['simple', false, 'header', object, 'R,100,G,200,B,150', 'R,100,G,200,B,x'],
  ['simple', true, 'header', object, 'R=100, G=200, B=150', 'R=100, G=200, B=x'],
  ['form', false, 'query', empty, 'color=', 'color=x'],
  ['form', false, 'query', text, 'color=blue', 'color=red'],
  ['form', false, 'query', list, 'color=blue,black,brown', 'color=blue,black,red'],
  ['form', false, 'query', object, 'color=R,100,G,200,B,150', 'color=R,100,G,200,B,x'],
  ['form', true, 'query', text, 'color=blue', 'color=red'],
  ['form', true, 'query', list, 'color=blue&color=black&color=brown', 'color=blue&color=black'],
  ['form', true, 'query', object, 'R=100&G=200&B=150', 'R=100&G=200&B=x'],
  ['form', false, 'cookie', list, 'color=blue,black,brown', 'color=blue,black,red'],
  ['form', false, 'cookie', object, 'color=R,100,G,200,B,150', 'color=R,100,G,200,B,x'],
  ['cookie', true, 'cookie', text, 'color=blue', 'color=red'],
  ['cookie', true, 'cookie', object, 'R=100; G=200; B=150', 'R=100; G=200; B=x'],
  [
    'spaceDelimited',
    false,
    'query',
    list,
    'color=blue%20black%20brown',
    'color=blue%20black%20red',
  ],
  ['spaceDelimited', false, 'query', list, 'color=blue+black+brown', 'color=blue+black'],
  ['spaceDelimited', false, 'query', object, 'color=R%20100%20G%20200%20B%20150', 'color=R%20100'],
  ['spaceDelimited', true, 'query', list, 'color=blue&color=black&color=brown', 'color=blue'],
  ['pipeDelimited', false, 'query', list, 'color=blue%7Cblack%7Cbrown', 'color=blue%7cred%7Cblue'],
  ['pipeDelimited', false, 'query', list, 'color=blue|black|brown', 'color=blue|black|red'],
  ['pipeDelimited', false, 'query', object, 'color=R%7C100%7CG%7C200%7CB%7C150', 'color=R|100'],
  ['deepObject', true, 'query', object, 'color[R]=100&color[G]=200&color[B]=150', 'color[R]=100'],
  ['deepObject', true, 'query', object, 'color%5BR%5D=1&color%5BG%5D=2&color[B]=3', 'color=R'],
];

const subject = (place: string, written: string): Partial<Subject> => {
  switch (place) {
    case 'path':
      return { params: { color: written } };
    case 'header':
      return { headers: { color: written } };
    case 'cookie':
      return { cookies: written.split('; ') };
    default:
      return { query: written };
  }
};

describe('a parameter in every style of OpenAPI', () => {
  it.each(table)('%s, explode %j, in %s, %j: %s and not %s', async (...row) => {
    const [style, explode, place, schema, written, wrong] = row;
    const parameter = { name: 'color', in: place, required: true, style, explode, schema };
    const judge = await judgeBy(parameter);
    expect(judge(subject(place, written))).toEqual([]);
    expect(judge(subject(place, wrong))).toHaveLength(1);
    if (place !== 'path') expect(judge({})).toEqual(['color is required']);
  });
});

describe('a parameter that is an object', () => {
  const filter = {
    type: 'object',
    properties: {
      created: {
        anyOf: [{ type: 'integer' }, { type: 'object', properties: { gte: { type: 'integer' } } }],
      },
      tags: { type: 'array', items: { type: 'string', maxLength: 3 } },
      lines: {
        type: 'array',
        items: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } },
      },
    },
  };
  const deep = { name: 'filter', in: 'query', style: 'deepObject', schema: filter };

  it.each([
    'filter[created]=1',
    'filter[created][gte]=1',
    'filter[tags]=a&filter[tags]=b',
    'filter[tags]=a',
    'filter[tags][]=a&filter[tags][]=b',
    'filter[tags][0]=a&filter[tags][1]=b',
    'filter[lines][0][id]=1',
    'filter[__proto__]=1',
  ])('may be nested: %s', async (query) => {
    expect((await judgeBy(deep))({ query })).toEqual([]);
  });

  it.each([
    ['filter[created][gte]=x', 'filter must be integer'],
    ['filter[tags][]=long', 'filter must NOT have more than 3 characters'],
    ['filter[lines][0][id]=x', 'filter must be integer'],
    ['filter[a]=1&filter=2', 'filter is sent both with and without brackets'],
    ['filter[a]=1&filter[a][b]=2', 'filter has one name for a value and for its parts'],
    ['filter[a', 'filter has brackets that do not match'],
    [`filter${'[a]'.repeat(9)}=1`, 'filter is nested too deeply'],
    ['filter[a]=%ff', 'filter is not valid percent-encoding'],
    [
      'Filter[a]=1',
      'filter is also sent in another spelling, which an upstream could read instead',
    ],
    ['filters[a]=1', 'filters[a] is not a parameter of this operation'],
  ])('is refused: %s', async (query, expected) => {
    expect((await judgeBy(deep))({ query })).toEqual([expected]);
  });

  it('takes all names that are not declared if it has no properties', async () => {
    const judge = await judgeBy(
      { name: 'page', in: 'query', schema: { type: 'integer' } },
      {
        name: 'rest',
        in: 'query',
        schema: { type: 'object', additionalProperties: { type: 'integer' } },
      },
    );
    expect(judge({ query: 'page=1&a=2&b=3' })).toEqual([]);
    expect(judge({ query: 'page=1&a=x' })).toEqual(['rest must be integer']);
  });
});

describe('a parameter that may be a text or a list', () => {
  it('is valid as one of them', async () => {
    const schema = {
      anyOf: [
        { type: 'string', pattern: '^x,' },
        { type: 'array', items: { type: 'integer' } },
      ],
    };
    const judge = await judgeBy({ name: 'a', in: 'query', explode: false, schema });
    expect(judge({ query: 'a=1,2' })).toEqual([]);
    expect(judge({ query: 'a=x,y' })).toEqual([]);
    expect(judge({ query: 'a=y,x' })).toHaveLength(1);
  });
});

describe('a parameter with content', () => {
  it('is checked as JSON', async () => {
    const content = { 'application/json': { schema: object } };
    const judge = await judgeBy({ name: 'c', in: 'query', content });
    expect(judge({ query: 'c=%7B%22R%22:1,%22G%22:2,%22B%22:3%7D' })).toEqual([]);
    expect(judge({ query: 'c={"R":1,"G":2}' })).toEqual(['c is required']);
    expect(judge({ query: 'c={' })).toEqual(['c is not valid JSON']);
    expect(judge({ query: 'c={"R":1,"R":2,"G":2,"B":3}' })).toEqual(['c repeats a key']);
    expect(judge({ query: 'c=1&c=2' })).toEqual(['c is sent more than once']);
  });

  it('is not checked as another type, except that it is present', async () => {
    const content = { 'text/csv': { schema: object } };
    const judge = await judgeBy({ name: 'c', in: 'query', required: true, content });
    expect(judge({ query: 'c=a,b' })).toEqual([]);
    expect(judge({})).toEqual(['c is required']);
  });
});

describe('a parameter in: querystring', () => {
  const whole = (content: object) => ({ name: 'q', in: 'querystring', content });
  const form = whole({
    'application/x-www-form-urlencoded': {
      schema: {
        additionalProperties: false,
        properties: {
          page: { type: 'integer' },
          tags: { type: 'array', maxItems: 2, items: { type: 'string' } },
          of: { type: 'object', properties: { id: { type: 'integer' } } },
        },
      },
      encoding: { of: { style: 'deepObject' } },
    },
  });

  it('is checked as a form', async () => {
    const judge = await judgeBy(form);
    expect(judge({ query: 'page=1&tags=a&tags=b&of[id]=3' })).toEqual([]);
    expect(judge({})).toEqual([]);
    expect(judge({ query: 'page=x' })).toEqual(['q page must be integer']);
    expect(judge({ query: 'of[id]=x' })).toEqual(['q of/id must be integer']);
    expect(judge({ query: 'other=1' })).toEqual(['q other is not defined in the schema']);
    expect(judge({ query: 'tags=a&tags=b&tags=c' })).toEqual([
      'q tags must NOT have more than 2 items',
    ]);
    expect(judge({ query: 'Page=1' })).toContain(
      'page is also sent in another spelling, which an upstream could read instead',
    );
    expect((await judgeBy({ ...form, required: true }))({})).toEqual(['q is required']);
  });

  it('is checked as JSON', async () => {
    const judge = await judgeBy(whole({ 'application/json': { schema: object } }));
    const query = (value: unknown) => ({ query: encodeURIComponent(JSON.stringify(value)) });
    expect(judge(query({ R: 1, G: 2, B: 3 }))).toEqual([]);
    expect(judge(query({ R: 1, G: 2 }))).toEqual(['q is required']);
    expect(judge({ query: 'a=1' })).toEqual(['q is not valid JSON']);
    expect(judge({ query: '1&2' })).toEqual(['q is sent more than once']);
  });

  it('is a problem beside a parameter in: query', async () => {
    await expect(judgeBy(form, { name: 'a', in: 'query', schema: {} })).rejects.toThrow(
      '"q" (in: querystring) is the whole query — declare this as one of its properties',
    );
  });
});

describe('a parameter as JSON whose schema refers to itself', () => {
  it('is refused where its check would take exponential time', async () => {
    const next = { $ref: '#/paths/~1a/get/parameters/0/content/application~1json/schema' };
    const schema = {
      properties: { a: { anyOf: [next, next] } },
      additionalProperties: { type: 'integer' },
    };
    const judge = await judgeBy({
      name: 'c',
      in: 'query',
      content: { 'application/json': { schema } },
    });
    expect(judge({ query: 'c={"a":{"a":{"b":1}}}' })).toEqual([]);
    const deep = `${'{"a":'.repeat(60)}{"b":"x"}${'}'.repeat(60)}`;
    expect(judge({ query: `c=${deep}` })).toEqual(['c is nested too deeply']);
  });
});
