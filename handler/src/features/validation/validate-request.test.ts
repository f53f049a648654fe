import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadContract } from '../../../testing/load-contract.ts';
import type { Subject, Validate } from '../../contract.ts';
import type { Violation } from '../../http/gateway-error.ts';

const contractText = `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { things: { http: {} } }
  defaults: { rateLimits: [], upstream: things }
security: []
paths:
  /things/{thing_id}:
    get:
      parameters:
        - { name: thing_id, in: path, required: true, schema: { type: string, format: uuid } }
        - { name: limit, in: query, required: true, schema: { type: integer, minimum: 1, maximum: 100 } }
        - { name: price, in: query, schema: { type: number } }
        - { name: deep, in: query, schema: { type: boolean } }
        - { name: size, in: query, schema: { enum: [1, 2, null] } }
        - { name: 'a b', in: query, schema: { type: string, minLength: 2, maxLength: 3 } }
        - { name: tag, in: query, schema: { type: array, maxItems: 2, items: { type: integer } } }
        - { name: ids, in: query, explode: false, schema: { type: array, items: { type: string, maxLength: 3 } } }
        - { name: X-Count, in: header, schema: { type: array, items: { type: integer } } }
        - { name: theme, in: cookie, schema: { enum: [dark, light] } }
  /readings:
    get:
      parameters:
        - { name: ids, in: query, schema: { anyOf: [{ type: array, items: { type: integer } }, { type: 'null' }] } }
        - { name: one, in: query, schema: { oneOf: [{ type: integer }, { type: array, maxItems: 2, items: { type: integer } }] } }
        - { name: all, in: query, schema: { allOf: [{ type: array }, { items: { type: integer } }, { maxItems: 2 }] } }
        - { name: ref, in: query, schema: { $ref: '#/components/schemas/Ids', maxItems: 2 } }
        - { name: refs, in: query, schema: { type: array, items: { $ref: '#/components/schemas/Id' } } }
        - { name: pair, in: query, schema: { type: array, prefixItems: [{ type: integer }, { type: string }], items: { type: boolean } } }
        - { name: either, in: query, schema: { if: { type: array }, then: { type: array, items: { type: integer } }, else: { type: integer } } }
        - { name: types, in: query, schema: { type: [array, integer], items: { type: integer } } }
        - { name: listed, in: query, schema: { enum: [[1, 2], 3], items: { type: integer } } }
        - { name: same, in: query, schema: { const: 5 } }
        - { name: least, in: query, schema: { minimum: 5 } }
        - { name: short, in: query, schema: { maxLength: 3 } }
        - { name: untyped, in: query, schema: { items: { type: integer } } }
        - { name: holds, in: query, schema: { type: array, contains: { const: 1 } } }
        - { name: code, in: query, schema: { anyOf: [{ type: integer, maximum: 9 }, { type: string, pattern: '^x|^0?[0-9]{3}$' }] } }
        - { name: codes, in: query, schema: { type: array, items: { anyOf: [{ type: integer, maximum: 9 }, { type: string, pattern: '^[0-9]{3}$' }] } } }
        - { name: no, in: query, schema: { not: { type: [array, object, string, boolean, 'null'] } } }
        - { name: comma, in: query, explode: false, schema: { anyOf: [{ type: array, items: { type: integer } }, { type: 'null' }] } }
        - { name: X-Ids, in: header, schema: { $ref: '#/components/schemas/MaybeIds' } }
  /things:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Thing' }
          application/problem+json: {}
          image/*: {}
    put:
      requestBody:
        content:
          '*/*': {}
          application/*: {}
          application/json:
            schema: { $ref: '#/components/schemas/Tree' }
    patch:
      requestBody:
        content:
          application/json:
            schema:
              type: array
              uniqueItems: true
              maxItems: 3
    delete:
      requestBody: { content: { '*/*': {} } }
  /ranges:
    post:
      requestBody:
        required: true
        content:
          application/*: { schema: { type: object, required: [a], properties: { a: { type: integer } } } }
          text/plain: {}
          '*/*': { schema: { type: array } }
  /bare:
    get: {}
    post: {}
    put: { x-postern: { request: { undeclaredBody: deny, undeclaredQuery: deny } } }
    delete: { x-postern: { request: { undeclaredBody: allow } } }
components:
  schemas:
    Id: { anyOf: [{ type: integer }, { type: boolean }] }
    Ids: { type: array, items: { type: integer } }
    MaybeIds: { oneOf: [{ $ref: '#/components/schemas/Ids' }, { type: 'null' }] }
    Thing:
      type: object
      additionalProperties: false
      required: [name]
      properties:
        name: { type: string, minLength: 1 }
        a/b~c: { type: integer }
        kind: { enum: [one, two] }
        born: { type: [string, 'null'], format: date-time }
        constructor: { type: string }
        unit: { const: 2 }
        shape: { enum: [{ a: 1 }, null] }
        gone: false
        open: { allOf: [{ properties: { a: {} } }], unevaluatedProperties: false }
        versions: { type: array, items: { type: integer } }
        price:
          if: { properties: { free: { const: true } }, required: [free] }
          then: { not: { required: [amount] } }
          else: { required: [amount] }
    Tree:
      type: object
      properties:
        child: { $ref: '#/components/schemas/Tree' }
`;

let validators: Readonly<Record<string, Validate | undefined>>;

beforeAll(async () => {
  const { routes } = await loadContract(contractText);
  validators = Object.fromEntries(routes.map(({ id, validate }) => [id, validate]));
});

const validate = (id: string, subject: Partial<Subject>) => {
  const whole = { params: {}, query: '', headers: {}, cookies: [], body: undefined, ...subject };
  return validators[id]?.(whole);
};

const uuid = '0b7f2b5e-4a0c-4d1b-9d7e-2f4f6a3c8e11';

const described = (violation: Violation): string =>
  'name' in violation
    ? `${violation.in} ${violation.name} ${violation.detail}`
    : `body ${violation.pointer} ${violation.detail}`;

/** What is wrong with a request for `/things/{thing_id}`. */
const get = (query: string, others: Partial<Subject> = {}) =>
  validate('GET /things/{thing_id}', { params: { thing_id: uuid }, query, ...others })?.map(
    described,
  );

const send = (method: string, body: string | Buffer, headers: Subject['headers'] = json) =>
  validate(`${method} /things`, { headers, body: Buffer.from(body) })?.map(described);

const json = { 'content-type': 'application/json' };

describe('the parameters of a request', () => {
  it('are refused as another spelling of a declared one, as a method override, and if undeclared when the contract says so', () => {
    expect(get('limit=1&Limit=9999')).toEqual([
      'query limit is also sent in another spelling, which an upstream could read instead',
    ]);
    const unknown = (name: string) => [
      { in: 'query', name, detail: 'is not a parameter of this operation' },
    ];
    expect(validate('GET /bare', { query: '_method=DELETE&x=1' })).toEqual(unknown('_method'));
    expect(validate('PUT /bare', { query: 'x=1' })).toEqual(unknown('x'));
  });

  it.each([
    'limit=20',
    'limit=1e1',
    'other=1&other=2&limit=1&&',
    'limit=1&price=-0.5&deep=true&size=2',
    'limit=1&size=',
    'limit=1&a%20b=xy&tag=1&tag=2',
    'limit=1&a+b=%F0%9F%98%80%F0%9F%98%80',
    'limit=1&ids=a,b,c%2C',
    'limit=1&unread=%zz',
  ])('fit their schemas: %s', (query) => {
    expect(get(query)).toEqual([]);
  });

  it.each([
    ['', 'query limit is required'],
    ['limit=0', 'query limit must be >= 1'],
    ['limit=1.5', 'query limit must be integer'],
    ['limit=', 'query limit must be integer'],
    ['limit=0x10', 'query limit must be integer'],
    ['limit=%2020', 'query limit must be integer'],
    ['limit=1e999', 'query limit must be integer'],
    ['limit', 'query limit must be integer'],
    ['limit=1&limit=2', 'query limit is sent more than once'],
    ['limit=%zz', 'query limit is not valid percent-encoding'],
    ['limit=%C3', 'query limit is not valid percent-encoding'],
    ['limit=1&deep=yes', 'query deep must be boolean'],
    ['limit=1&size=3', 'query size must be one of 1, 2, null'],
    ['limit=1&a+b=%F0%9F%98%80', 'query a b must NOT have fewer than 2 characters'],
    ['limit=1&tag=1&tag=x', 'query tag item 2 must be integer'],
    ['limit=1&tag=1&tag=2&tag=3', 'query tag must NOT have more than 2 items'],
    ['limit=1&ids=a,long', 'query ids item 2 must NOT have more than 3 characters'],
    ['limit=1&ids=a&ids=b', 'query ids is sent more than once'],
  ])('are refused: %s', (query, expected) => {
    expect(get(query)).toEqual([expected]);
  });

  it('are checked in the path, in headers and in cookies', () => {
    const wrong = {
      params: { thing_id: '1' },
      headers: { 'x-count': '1, x' },
      cookies: ['theme=red'],
    };
    expect(get('limit=1', wrong)).toEqual([
      'path thing_id must match format "uuid"',
      'header x-count item 2 must be integer',
      'cookie theme must be one of "dark", "light"',
    ]);
    expect(
      get('limit=1', { headers: { 'x-count': '1, 2' }, cookies: ['a=b', 'theme=dark'] }),
    ).toEqual([]);
  });

  it('are refused if a service could read another value than the checked one', () => {
    expect(get('limit=1', { headers: { 'x-count': '1', x_count: 'x' } })).toEqual([
      'header x-count is sent more than once',
    ]);
    expect(get('limit=1', { headers: { x_count: 'x' } })).toEqual([
      'header x-count item 1 must be integer',
    ]);
    expect(get('limit=1', { cookies: ['theme=dark', 'theme=red'] })).toEqual([
      'cookie theme is sent more than once',
    ]);
  });
});

describe('a parameter whose type is within other schemas', () => {
  const read = (query: string) =>
    validate('GET /readings', {
      query: query.startsWith('X-') ? '' : query,
      headers: query.startsWith('X-') ? { 'x-ids': query.slice(6) } : {},
    })?.map((violation) => described(violation).replace(/^\w+ /, ''));

  it.each([
    ...['ids=1&ids=2', 'ids=1', 'ids=', 'one=1', 'one=1&one=2', 'all=1&all=2', 'ref=1&ref=2'],
    ...['refs=1&refs=true', 'pair=1&pair=2&pair=true', 'either=1', 'either=1&either=2'],
    ...['types=1', 'types=1&types=2', 'listed=3', 'listed=1&listed=2', 'same=5', 'least=5'],
    ...['short=123', 'untyped=1&untyped=2', 'holds=x&holds=1', 'code=5', 'code=x', 'code=123'],
    ...['codes=5', 'codes=123&codes=456', 'no=5', 'comma=1,2', 'comma=', 'X-Ids=1, 2'],
  ])('fits: %s', (query) => {
    expect(read(query)).toEqual([]);
  });

  it.each([
    ['ids=1&ids=x', 'ids item 2 must be integer'],
    ['ids=x', 'ids must be array or null'],
    ['one=1&one=2&one=3', 'one must NOT have more than 2 items'],
    ['all=1&all=x', 'all item 2 must be integer'],
    ['ref=1&ref=2&ref=3', 'ref must NOT have more than 2 items'],
    ['refs=1&refs=x', 'refs item 2 must be integer or boolean'],
    ['pair=1&pair=2&pair=3', 'pair item 3 must be boolean'],
    ['either=x', 'either must be integer'],
    ['types=x', 'types must be array or integer'],
    ['same=6', 'same must be 5'],
    ['least=4', 'least must be >= 5'],
    ['short=1234', 'short must NOT have more than 3 characters'],
    ['untyped=1&untyped=x', 'untyped item 2 must be integer'],
    ['code=99', 'code must be <= 9'],
    ['codes=99', 'codes item 1 must be <= 9'],
    ['no=x', 'no must NOT be valid'],
    ['comma=1,x', 'comma item 2 must be integer'],
    ['X-Ids=1, x', 'x-ids item 2 must be integer'],
  ])('is refused: %s', (query, expected) => {
    expect(read(query)).toEqual([expected]);
  });
});

describe('the body of a request', () => {
  it('is accepted if it matches its schema', () => {
    const body = '{"name":"x","a/b~c":1,"born":"2024-02-29T23:59:60Z","price":{"free":true}}';
    expect(send('POST', body)).toEqual([]);
    expect(send('POST', body, { 'content-type': ' Application/JSON ; charset=utf-8' })).toEqual([]);
  });

  it('is refused with the position of every violation', () => {
    const body = { 'a/b~c': 'x', kind: 'three', born: '2023-02-29T00:00:00Z', price: {}, extra: 1 };
    expect(send('POST', JSON.stringify(body))?.toSorted()).toEqual([
      'body /a~1b~0c must be integer',
      'body /born must match format "date-time"',
      'body /extra is not defined in the schema',
      'body /kind must be one of "one", "two"',
      'body /name is required',
      'body /price/amount is required',
    ]);
  });

  it.each([
    ['', 'body  is required'],
    ['{"name":"x"', `body  is not valid JSON at position 11`],
    ['nonsense', 'body  is not valid JSON'],
    [Buffer.from([0x22, 0xc3, 0x22]), 'body  is not valid UTF-8'],
    ['[]', 'body  must be object'],
    ['{"name":"x","constructor":1}', 'body /constructor must be string'],
    ['{"name":"x","shape":{"toString":0}}', 'body /shape must be one of {"a":1}, null'],
    ['{"name":"x","__proto__":{"kind":"one"}}', 'body /__proto__ is not defined in the schema'],
    ['{"name":"x","unit":3}', 'body /unit must be 2'],
    ['{"name":"x","gone":1}', 'body /gone is not allowed'],
    ['{"name":"x","open":{"a":1,"b":1}}', 'body /open/b is not defined in the schema'],
    ['{"__proto__":{"name":"x"}}', 'body /name is required'],
    ['{"name":"x","n\\u0061me":"y"}', 'body  repeats a key'],
  ])('is refused: %s', (body, expected) => {
    expect(send('POST', body)).toContain(expected);
  });

  it('may be an empty file, which API Gateway does not distinguish from none', () => {
    expect(send('POST', '', { 'content-type': 'image/png' })).toEqual([]);
    expect(send('POST', '', { 'content-type': 'application/json' })).toEqual(['body  is required']);
    expect(send('POST', '', {})).toEqual(['body  is required']);
    expect(() => send('POST', '', { 'content-type': 'text/plain' })).toThrow(
      'UNSUPPORTED_MEDIA_TYPE',
    );
  });

  it('is not modified, with all its objects', () => {
    send('POST', '{"__proto__":{"polluted":true}}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('may be absent if it is not required', () => {
    expect(validate('PUT /things', {})).toEqual([]);
  });

  it('is checked only if its media type has a schema', () => {
    expect(send('POST', 'x', { 'content-type': 'application/problem+json' })).toEqual([]);
    expect(send('POST', 'x', { 'content-type': 'IMAGE/png' })).toEqual([]);
    expect(send('PUT', 'x', { 'content-type': 'application/pdf' })).toEqual([]);
    expect(send('PUT', '[]', json)).toEqual(['body  must be object']);
  });

  it('is checked if it is JSON that comes under a range with a schema', () => {
    const range = (body: string, type: string) =>
      validate('POST /ranges', { body: Buffer.from(body), headers: { 'content-type': type } });
    const required = [{ pointer: '/a', detail: 'is required' }];
    expect(range('{"a":1}', 'application/json')).toEqual([]);
    expect(range('{}', 'application/json; charset=utf-8')).toEqual(required);
    expect(range('{}', 'application/problem+json')).toEqual(required);
    expect(range('{}', 'application/xml')).toEqual([]);
    expect(range('', 'application/zip')).toEqual([]);
    expect(range('{}', 'image/x+json')).toEqual([{ pointer: '', detail: 'must be array' }]);
    expect(range('x', 'image/png; charset=utf-16')).toEqual([]);
    expect(range('x', 'text/plain')).toEqual([]);
  });

  it.each([
    [
      { 'content-type': 'text/plain' },
      { accept: 'application/json, application/problem+json, image/*' },
    ],
    [{}, { accept: 'application/json, application/problem+json, image/*' }],
    [
      { 'content-type': 'imagex/png' },
      { accept: 'application/json, application/problem+json, image/*' },
    ],
    [{ ...json, 'content-encoding': 'gzip' }, { 'accept-encoding': 'identity' }],
  ])('is refused with 415 if its type is unknown: %j', (headers, expected) => {
    expect(() => send('POST', '{}', headers)).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_MEDIA_TYPE', headers: expected }),
    );
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;Charset="UTF-8"',
    'application/json;charset=us-ascii',
    'application/json; charset="u\\tf-8"; version=1',
    'application/json ; ; charset=utf-8;',
  ])('is checked as UTF-8 if its type says so: %s', (type) => {
    expect(send('POST', '{"name":""}', { 'content-type': type })).toHaveLength(1);
  });

  it('is refused if its type says US-ASCII but it is not', () => {
    const headers = { 'content-type': 'application/json;charset=US-ASCII' };
    expect(send('POST', '{"name":"\u00fc"}', headers)).toEqual(['body  is not US-ASCII']);
  });

  it.each([
    'application/json; charset=utf-7',
    'application/json;CHARSET="UTF-7"',
    'application/json; charset=utf-16',
    'application/json; charset=utf8',
    'application/json; charset=iso-8859-1',
    'application/json; charset=""',
    'application/json; charset=utf-8; charset=utf-7',
    'application/json; charset=utf-8; charset=utf-8',
    "application/json; charset*=utf-8''utf-7",
    'application/json; charset*0=utf-; charset*1=7',
    'application/json; charset="utf-\\7"',
    'application/json; charset=',
    'application/json; charset = utf-7',
    'application/json; charset',
    'application/json charset=utf-7',
    'application/json, application/json',
    'application/json;charset=utf-8, application/json;charset=utf-7',
    'application/json;charset="utf-8',
  ])('is refused with 415 where a service may read another charset: %s', (type) => {
    const refused = expect.objectContaining({ code: 'UNSUPPORTED_MEDIA_TYPE' });
    expect(() => send('POST', '{"name":"x"}', { 'content-type': type })).toThrow(refused);
    // A type without a schema must not bypass the schema of another.
    if (!type.includes('/json;')) return;
    expect(() => send('PUT', '{}', { 'content-type': type })).toThrow(refused);
  });

  it.each(['application/json ,x', 'application/json charset=utf-7', 'x'])(
    'is refused with 415 if its type is invalid and another type has a schema: %s',
    (type) => {
      expect(() => send('PUT', '{}', { 'content-type': type })).toThrow(
        expect.objectContaining({ code: 'UNSUPPORTED_MEDIA_TYPE' }),
      );
    },
  );

  it('may have any charset if it has no schema', () => {
    expect(send('PUT', 'x', { 'content-type': 'text/plain; charset=utf-7' })).toEqual([]);
    expect(send('DELETE', 'x', { 'content-type': 'no type' })).toEqual([]);
  });

  it('is refused if the operation has no body and the method defines no meaning for one', () => {
    expect(validate('GET /bare', { body: Buffer.from('x') })).toEqual([
      { pointer: '', detail: 'is not allowed: this operation has no body' },
    ]);
    expect(validate('GET /bare', {})).toEqual([]);
    expect(validate('POST /bare', { body: Buffer.from('x') })).toEqual([]);
    expect(validate('PUT /bare', { body: Buffer.from('x') })).toHaveLength(1);
    expect(validate('DELETE /bare', { body: Buffer.from('x') })).toEqual([]);
  });

  it('has at most twenty violations listed, however large it is', () => {
    const versions = (count: number) => `{"name":"x","versions":[${'"x",'.repeat(count - 1)}"x"]}`;
    expect(send('POST', versions(30))).toHaveLength(20);
    expect(send('POST', versions(200_000))).toHaveLength(20);
    expect(send('POST', versions(200_000))?.[19]).toBe('body /versions/19 must be integer');
  });

  it('has long names shortened in the response', () => {
    const [violation] = send('POST', `{"${'x'.repeat(5_000)}":1,"name":"x"}`) ?? [];
    expect(violation?.length).toBeLessThan(300);
  });

  it('may be nested deeply, and is refused if too deep to be checked', () => {
    const nested = (depth: number) => '{"child":'.repeat(depth) + '{}' + '}'.repeat(depth);
    expect(send('PUT', nested(100))).toEqual([]);
    expect(send('PUT', nested(100_000))).toEqual(['body  is nested too deeply']);
  });

  it('has its unique items compared by value', () => {
    expect(send('PATCH', '[{"a":[1]},{"a":[2]}]')).toEqual([]);
    expect(send('PATCH', '[{"a":[1]},{"a":[1]}]')?.[0]).toContain('must NOT have duplicate items');
  });
});

it('results in a list of violations for any input', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string(),
      fc.oneof(fc.json(), fc.string()),
      (query, header, body) => {
        expect(get(query, { headers: { 'x-count': header } })).toBeInstanceOf(Array);
        expect(send('POST', body)).toBeInstanceOf(Array);
      },
    ),
  );
});
