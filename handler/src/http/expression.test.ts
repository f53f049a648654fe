import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gatewayRequest } from '../../testing/gateway-request.ts';
import {
  type Expression,
  type ExpressionSources,
  inHeader,
  inUrl,
  jsonOf,
  mapTexts,
  textOf,
  unchanged,
  valueOf,
} from './expression.ts';
import type { GatewayRequest } from './request.ts';

const sourcesOf = (
  parts: Partial<GatewayRequest> = {},
  others: Partial<ExpressionSources> = {},
): ExpressionSources => ({
  request: gatewayRequest(parts),
  params: {},
  caller: undefined,
  ...others,
});

const withBody = (body: string | Buffer, headers: Readonly<Record<string, string>> = {}) =>
  sourcesOf({
    body: Buffer.from(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('the value of an expression', () => {
  const sources = sourcesOf(
    {
      method: 'POST',
      path: '/users/a b',
      basePath: '/v1',
      query: 'q=a+b%26c&q=2&empty=',
      headers: { 'x-tenant': 'north' },
    },
    {
      params: { id: 'a b' },
      caller: { userId: 'alice', claims: { tenant: 'north', org: { ids: [7, 8] } } },
    },
  );

  it.each<[Expression, unknown]>([
    [['method'], 'POST'],
    [['url'], 'https://api.example.com/v1/users/a%20b?q=a+b%26c&q=2&empty='],
    [['id'], 'request-1'],
    [['caller'], 'alice'],
    [['path', 'id'], 'a b'],
    [['query', 'q'], 'a b&c'],
    [['query', 'empty'], ''],
    [['header', 'x-tenant'], 'north'],
    [['claims', 'tenant'], 'north'],
    [['claims', 'org', 'ids', '1'], 8],
    [['claims'], { tenant: 'north', org: { ids: [7, 8] } }],
  ])('%j is %j', (expression, value) => {
    expect(valueOf(expression, sources)).toEqual(value);
  });

  it.each<Expression>([
    ['caller'],
    ['path', 'id'],
    ['path', 'constructor'],
    ['query', 'q'],
    ['header', '__proto__'],
    ['body'],
    ['body', 'id'],
    ['claims'],
    ['claims', 'id'],
  ])('%j is missing in a request that has nothing', (...expression) => {
    expect(valueOf(expression as unknown as Expression, sourcesOf())).toBeUndefined();
  });

  it.each<[string, readonly string[], unknown]>([
    ['{"id":7}', ['id'], 7],
    ['{"id":null}', ['id'], null],
    ['{"a":{"b/c":{"":[1,[2]]}}}', ['a', 'b/c', '', '1', '0'], 2],
    ['[1,2]', ['01'], undefined],
    ['[1,2]', ['length'], undefined],
    ['[1,2]', ['-'], undefined],
    ['"text"', ['0'], undefined],
    ['"text"', ['length'], undefined],
    ['{}', ['constructor', 'name'], undefined],
    ['{"__proto__":{"id":1}}', ['id'], undefined],
    ['{"__proto__":{"id":1}}', ['__proto__', 'id'], 1],
    ['{"id":', [], undefined],
    ['{"id":7}', [], { id: 7 }],
  ])('of the body %s at %j is %j', (body, pointer, value) => {
    expect(valueOf(['body', ...pointer], withBody(body))).toEqual(value);
  });

  it('of a body that is no JSON is its text, which has no members', () => {
    const sources = withBody('{"id":7}', { 'content-type': 'text/plain' });
    expect(valueOf(['body'], sources)).toBe('{"id":7}');
    expect(valueOf(['body', 'id'], sources)).toBeUndefined();
  });

  it.each([
    ['has invalid UTF-8', Buffer.from([0x22, 0xff, 0x22]), {}],
    ['is compressed', '{}', { 'content-encoding': 'gzip' }],
  ])('of a body that %s is missing', (_, body, headers) => {
    expect(valueOf(['body'], withBody(body, headers))).toBeUndefined();
  });

  it('of a body is read once for each request', () => {
    const sources = withBody('{"a":{}}');
    expect(valueOf(['body', 'a'], sources)).toBe(valueOf(['body', 'a'], sources));
  });
});

describe('a text with expressions', () => {
  it('has each value encoded for its place, and its own text unchanged', () => {
    const sources = sourcesOf({}, { params: { id: 'a/b c', rest: 'ü' } });
    const template = ['/x y/', ['path', 'id'], '/', ['path', 'rest']] as const;
    expect(textOf(template, sources, inUrl)).toBe('/x y/a%2Fb%20c/%C3%BC');
    expect(textOf(template, sources, inHeader)).toBe('/x y/a/b c/%C3%BC');
  });

  it.each([
    [7, '7'],
    [true, 'true'],
    [[1], '[1]'],
    [{ a: 'b' }, '{"a":"b"}'],
    ['', ''],
  ])('has the JSON text of %j', (value, text) => {
    const sources = sourcesOf({}, { caller: { userId: 'a', claims: { value } } });
    expect(textOf(['<', ['claims', 'value'], '>'], sources, unchanged)).toBe(`<${text}>`);
  });

  it('is missing as a whole if one of its values is missing or null', () => {
    const sources = sourcesOf({}, { caller: { userId: 'a', claims: { none: null } } });
    expect(textOf(['user-', ['claims', 'none']], sources, inUrl)).toBeUndefined();
    expect(textOf(['user-', ['query', 'q']], sources, inUrl)).toBeUndefined();
  });

  it('never has a line break or another control character in a header, nor a separator in a URL', () => {
    const value = fc.string({ unit: 'binary', maxLength: 12 });
    fc.assert(
      fc.property(value, value, (id, name) => {
        const sources = sourcesOf({}, { params: { id, name } });
        const template = [['path', 'id'], '-', ['path', 'name']] as const;
        expect(textOf(template, sources, inHeader)).toMatch(/^[\t\u0020-\u007e]*$/);
        expect(textOf(template, sources, inUrl)).toMatch(/^[\w!~*'().%-]*$/);
      }),
    );
  });

  it('has a lone surrogate replaced, which has no bytes', () => {
    const sources = sourcesOf({}, { params: { id: '\ud800' } });
    expect(textOf([['path', 'id']], sources, inUrl)).toBe('%EF%BF%BD');
    expect(textOf([['path', 'id']], sources, inHeader)).toBe('%EF%BF%BD');
  });

  it('has values of the environment only in what the contract says', () => {
    const filled = mapTexts(['${a}', ['path', 'id']], (text) => text.replace('${a}', 'b'));
    expect(textOf(filled, sourcesOf({}, { params: { id: '${a}' } }), unchanged)).toBe('b${a}');
  });
});

describe('a JSON value with expressions', () => {
  it('keeps the types of values, leaves out members that are missing, and has null in lists', () => {
    const sources = withBody('{"count":2,"flags":[true],"none":null}');
    const template = {
      members: [
        ['kind', { is: 'order' }],
        ['count', { from: ['body', 'count'] }],
        ['flags', { from: ['body', 'flags'] }],
        ['none', { from: ['body', 'none'] }],
        ['missing', { from: ['body', 'missing'] }],
        ['text', { text: ['no-', ['body', 'missing']] }],
        ['items', { items: [{ from: ['body', 'missing'] }, { is: 1 }] }],
      ],
    } as const;
    expect(jsonOf(template, sources)).toEqual({
      kind: 'order',
      count: 2,
      flags: [true],
      none: null,
      items: [null, 1],
    });
  });

  it('has every value as a JSON string, whatever characters it has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (id, name) => {
        const template = { members: [[name, { text: ['<', ['path', 'id'], '>'] }]] } as const;
        const made = jsonOf(template, sourcesOf({}, { params: { id } }));
        expect(Object.entries(JSON.parse(JSON.stringify(made)) as object)).toEqual([
          [name, `<${id}>`],
        ]);
      }),
    );
  });
});
