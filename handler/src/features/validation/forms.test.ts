import { Busboy } from '@fastify/busboy';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gatewayWith, route, send } from '../../../testing/gateway-with.ts';
import { loadContract } from '../../../testing/load-contract.ts';
import { formBody } from './form-body.ts';
import { multipartBody } from './multipart-body.ts';
import type { Violation } from '../../http/gateway-error.ts';
import { groupBy } from '../../../compiler/group-by.ts';

const urlencoded = 'application/x-www-form-urlencoded';

/** The validator of bodies of one media type. */
const validatorOf = async (mediaType: string, schema: object, encoding: object = {}) => {
  const { routes } = await loadContract(
    JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Test', version: '1' },
      'x-postern': {
        version: 1,
        upstreams: { a: { http: {} } },
        defaults: { rateLimits: [], upstream: 'a' },
      },
      security: [],
      paths: {
        '/a': {
          post: {
            requestBody: { required: true, content: { [mediaType]: { schema, encoding } } },
          },
        },
      },
      components: {
        schemas: { Tree: { properties: { next: { $ref: '#/components/schemas/Tree' } } } },
      },
    }),
  );
  return routes.find(({ id }) => id === 'POST /a')?.validate;
};

/** Checks bodies by a schema of one media type. Each violation is `pointer detail`. */
const judgeBy = async (mediaType: string, schema: object, encoding: object = {}) => {
  const validate = await validatorOf(mediaType, schema, encoding);
  return (body: string | Buffer, headers: Readonly<Record<string, string>> = {}) => {
    const violations: readonly Violation[] =
      validate?.({
        ...{ params: {}, query: '', cookies: [] },
        headers: { 'content-type': mediaType, ...headers },
        body: Buffer.from(body),
      }) ?? [];
    return violations.map((each) =>
      'pointer' in each ? `${each.pointer} ${each.detail}`.trim() : each.detail,
    );
  };
};

const order = {
  type: 'object',
  additionalProperties: false,
  required: ['item'],
  properties: {
    item: { type: 'string', minLength: 2 },
    count: { type: 'integer', maximum: 9 },
    gift: { type: 'boolean' },
    note: { type: ['string', 'null'] },
    tags: { type: 'array', maxItems: 2, items: { enum: ['red', 'blue'] } },
    code: {
      anyOf: [
        { type: 'integer', maximum: 9 },
        { type: 'string', pattern: '^[0-9]{3}$' },
      ],
    },
  },
};

describe('a body as application/x-www-form-urlencoded', () => {
  it('is valid if each field is valid as the type of its property', async () => {
    const judge = await judgeBy(urlencoded, order);
    expect(judge('item=a+b&count=3&gift=true&note=&tags=red&tags=blue&code=5')).toEqual([]);
    expect(judge('item=%C3%A4%26&code=123&tags=red')).toEqual([]);
    expect(judge('item=ab', { 'content-type': `${urlencoded}; charset=UTF-8` })).toEqual([]);
  });

  it('is refused with a pointer to each wrong field', async () => {
    const judge = await judgeBy(urlencoded, order);
    expect(judge('item=a&count=x&tags=red&tags=green&other=1')).toEqual([
      '/other is not defined in the schema',
      '/item must NOT have fewer than 2 characters',
      '/count must be integer',
      '/tags/1 must be one of "red", "blue"',
    ]);
    expect(judge('count=10')).toEqual(['/item is required', '/count must be <= 9']);
    expect(judge('item=ab&code=12')).toEqual(['/code must be <= 9']);
    expect(judge('item=ab&item=cd')).toEqual(['/item must be string']);
    expect(judge('')).toEqual(['/item is required']);
  });

  it('is refused if a service could read a name as that of a declared field', async () => {
    const judge = await judgeBy(urlencoded, { properties: { role: { enum: ['user'] } } });
    for (const body of [
      'Role=x',
      'role%5B%5D=x',
      'role[0]=x',
      '+role=x',
      'a=1;role=x',
      '%2572ole=x',
    ])
      expect(judge(body)).toEqual([
        '/role is also sent in another spelling, which an upstream could read instead',
      ]);
    expect(judge('_method=DELETE')).toEqual(['/_method is not a parameter of this operation']);
    expect(judge('rolling=1&a[b]=2')).toEqual([]);
  });

  it('is refused if it is malformed, compressed or in another charset', async () => {
    const judge = await judgeBy(urlencoded, order);
    expect(judge('item=%zz')).toEqual(['/item is not valid percent-encoding']);
    expect(judge('item=ab&%ff=1')).toEqual(['has a name that is not valid percent-encoding']);
    expect(judge(Buffer.from([0x69, 0x3d, 0xff]))).toEqual(['is not valid UTF-8']);
    expect(() => judge('item=ab', { 'content-encoding': 'gzip' })).toThrow('Content-Encoding');
    expect(() => judge('item=ab', { 'content-type': `${urlencoded}; charset=utf-7` })).toThrow(
      'UTF-8',
    );
  });

  it.each([
    ['deepObject', true, 'a[b]=1&a[c]=x', 'a[b]=x', '/a/b must be integer'],
    ['form', false, 'a=b,1,c,x', 'a=b,x', '/a/b must be integer'],
    ['form', true, 'b=1&c=x', 'b=x', '/a/b must be integer'],
    ['pipeDelimited', false, 'a=b%7C1', 'a=b%7Cx', '/a/b must be integer'],
  ])(
    'has an object in the style %s with explode: %s',
    async (style, explode, right, wrong, detail) => {
      const schema = {
        additionalProperties: false,
        properties: { a: { type: 'object', properties: { b: { type: 'integer' } } } },
      };
      const judge = await judgeBy(urlencoded, schema, { a: { style, explode } });
      expect(judge(right.replace('&c=x', style === 'form' ? '' : '&a[c]=x'))).toEqual([]);
      expect(judge(wrong)).toEqual([detail]);
    },
  );

  it('has objects, and lists of them, as JSON if the contract names no style', async () => {
    const point = { type: 'object', required: ['x'], properties: { x: { type: 'integer' } } };
    const judge = await judgeBy(
      urlencoded,
      { properties: { at: point, path: { type: 'array', maxItems: 2, items: point }, raw: {} } },
      { raw: { contentType: 'application/json' } },
    );
    const json = (value: unknown): string => encodeURIComponent(JSON.stringify(value));
    expect(judge(`at=${json({ x: 1 })}`)).toEqual([]);
    expect(judge(`path=${json({ x: 1 })}&path=${json({ x: 2 })}&raw=[]`)).toEqual([]);
    expect(judge(`path=${json([{ x: 1 }])}`)).toEqual([]);
    expect(judge(`path=${json([{ x: 1 }, {}])}`)).toEqual(['/path/1/x is required']);
    expect(judge(`at=${json({ x: 'a' })}`)).toEqual(['/at/x must be integer']);
    expect(judge(`at=${json({ x: 1, X: 2 })}`)).toEqual(['/at differs from "x" only in case']);
    expect(judge(`at=%7B%22x%22:1,%22x%22:2%7D`)).toEqual(['/at repeats a key']);
    expect(judge(`at={}&at={}`)).toEqual(['/at is sent more than once']);
    expect(judge('raw={')).toEqual(['/raw is not valid JSON']);
  });

  it('is an object that refers to itself at a bounded cost', async () => {
    const judge = await judgeBy(urlencoded, { $ref: '#/components/schemas/Tree' });
    expect(judge(`next=${'{"next":'.repeat(9_000)}{}${'}'.repeat(9_000)}`)).toEqual([
      'is nested too deeply',
    ]);
  });

  it('is read as URLSearchParams reads it', () => {
    const { check, valueOf } = recording();
    const body = formBody(
      { fields: [], names: [], others: { types: ['string'], items: text } },
      check,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (pairs) => {
        const fields = new URLSearchParams(pairs);
        const violations = body(Buffer.from(String(fields)), { ...stated, type: urlencoded });
        expect(valueOf(violations)).toEqual(grouped([...fields]));
      }),
    );
  });
});

const text = { types: ['string'] } as const;
const stated = { parameters: [], encoding: undefined };

/** Names that no service reads as those of other fields, and values that have to be encoded. */
const name = fc.constantFrom('a', 'b', 'ä', 'c d', 'x&y=z', '"q"', '__proto__', 'p%41');
const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', 'a\r\nb', '--x', '%2B+'),
);

/** A check that every value passes, and the value that it was given. */
const recording = () => {
  let seen: unknown;
  const check = (given: unknown): boolean => {
    seen = given;
    return true;
  };
  return {
    check: { fits: check, explain: check },
    valueOf: (violations: readonly unknown[]): unknown =>
      violations.length === 0 ? seen : violations,
  };
};

type Pairs = ReadonlyArray<readonly [name: string, value: string]>;

/** One value as it is, several as a list. */
const grouped = (pairs: Pairs): object =>
  Object.fromEntries(
    [...groupBy(pairs, ([key]) => key)].map(([key, all]) => [
      key,
      all.length === 1 ? all[0]?.[1] : all.map(([, each]) => each),
    ]),
  );

const boundary = 'abc123';
const multipart = `multipart/form-data; boundary=${boundary}`;

/** A part by its headers and content. */
const part = (disposition: string, content: string, type?: string): string =>
  `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n${type === undefined ? '' : `Content-Type: ${type}\r\n`}\r\n${content}\r\n`;
const form = (...parts: readonly string[]): string => `${parts.join('')}--${boundary}--\r\n`;
const field = (key: string, content: string): string => part(`name="${key}"`, content);

describe('a body as multipart/form-data', () => {
  const judgeForm = async (schema: object, encoding: object = {}) => {
    const judge = await judgeBy('multipart/form-data', schema, encoding);
    return (body: string | Buffer, type = multipart) => judge(body, { 'content-type': type });
  };

  it('is valid if each text is valid as the type of its property', async () => {
    const judge = await judgeForm(order);
    const body = form(field('item', 'ab\r\ncd'), field('count', '3'), field('tags', 'red'));
    expect(judge(body)).toEqual([]);
    expect(judge(body.replaceAll('name="count"', 'name=count'))).toEqual([]);
    expect(judge(form(field('item', 'a'), field('count', 'x'), field('more', '')))).toEqual([
      '/more is not defined in the schema',
      '/item must NOT have fewer than 2 characters',
      '/count must be integer',
    ]);
    expect(judge(form())).toEqual(['/item is required']);
  });

  const files = {
    required: ['image'],
    additionalProperties: false,
    properties: {
      image: { type: 'string', format: 'binary', minLength: 5 },
      pages: { type: 'array', maxItems: 2, items: { contentMediaType: 'application/pdf' } },
      anything: {},
    },
  };

  it('has files, of which presence, number and media type are checked', async () => {
    const judge = await judgeForm(files, { image: { contentType: 'image/png, image/j*' } });
    const image = (type?: string) => part('name="image"; filename="a b.png"', '\xff', type);
    const page = part('name="pages"; filename="1.pdf"', '%PDF', 'application/pdf');
    expect(judge(form(image('image/png'), page, page))).toEqual([]);
    expect(judge(Buffer.from(form(image('image/png')), 'latin1'))).toEqual([]);
    expect(
      judge(form(image('image/png; x="y"'), part('name="anything"; filename=x', 'x'))),
    ).toEqual([]);
    expect(judge(form(page))).toEqual(['/image is required']);
    expect(judge(form(image('image/png'), page, page, page))).toEqual([
      '/pages must NOT have more than 2 items',
    ]);
    expect(judge(form(image('image/png'), image('image/png')))).toEqual(['/image must be string']);
    for (const type of ['image/gif', undefined])
      expect(judge(form(image(type)))).toEqual(['/image must be sent as image/png or image/j*']);
    expect(judge(form(part('name="image"; filename=""', '', 'application/octet-stream')))).toEqual([
      '/image is required',
    ]);
  });

  it('has no file and no other media type where the contract has a text', async () => {
    const judge = await judgeForm(order);
    expect(judge(form(part('name="item"; filename="x"', 'ab', 'text/plain')))).toEqual([
      '/item must be sent without a filename',
    ]);
    expect(judge(form(part('name="item"', '"ab"', 'application/json')))).toEqual([
      '/item must be sent as text/plain',
    ]);
    expect(judge(form(part('name="item"', 'ab', 'text/plain; charset=utf-8')))).toEqual([]);
    expect(() => judge(form(part('name="item"', 'ab', 'text/plain; charset=utf-16')))).toThrow(
      'UTF-8',
    );
    expect(judge(Buffer.from(form(field('item', '\xff')), 'latin1'))).toEqual([
      '/item is not valid UTF-8',
    ]);
  });

  it('has objects as JSON, and fields in the style that the contract names', async () => {
    const judge = await judgeForm(
      {
        properties: {
          at: { properties: { x: { type: 'integer' } } },
          ids: { type: 'array', items: { type: 'integer' } },
          of: { type: 'object', properties: { x: { type: 'integer' } } },
        },
      },
      { ids: { style: 'form', explode: false }, of: { style: 'deepObject' } },
    );
    expect(judge(form(part('name="at"', '{"x":1}', 'application/json')))).toEqual([]);
    expect(
      judge(form(field('at', '{"x":"%41"}'), field('ids', '1,2'), field('of[x]', '1'))),
    ).toEqual(['/at/x must be integer']);
    expect(judge(form(field('ids', '1,a'), field('of[x]', 'b')))).toEqual([
      '/ids/1 must be integer',
      '/of/x must be integer',
    ]);
  });

  const whole = field('item', 'ab');
  let compiled: ReturnType<typeof judgeForm> | undefined;
  it.each([
    ['a text before its first boundary', `x\r\n${form(whole)}`, 'must begin with its boundary'],
    ['no boundary', '', 'must begin with its boundary'],
    ['a text after its last boundary', `${form(whole)}x`, 'continues after its last boundary'],
    ['no last boundary', whole, 'has no boundary at its end'],
    [
      'a boundary that continues',
      form(whole).replace('--\r\n', 'x--'),
      'has text beside a boundary',
    ],
    [
      'its boundary within a line',
      form(field('a', `x--${boundary}`)),
      'has its boundary within a part',
    ],
    [
      'a part without headers',
      `--${boundary}\r\n\r\nab\r\n${form()}`,
      'has a part with an invalid header',
    ],
    ['headers without an end', form(`--${boundary}\r\nA: b\r\n`), 'has a part without headers'],
    [
      'a folded header',
      form(whole.replace('; name', ';\r\n name')),
      'has a part with an invalid header',
    ],
    [
      'lines that end in LF',
      form(whole.replace('"\r\n\r\n', '"\n\r\n\r\n')),
      'has a part with an invalid header',
    ],
    [
      'two dispositions',
      form(whole.replace('\r\n\r\n', '\r\nContent-disposition: x\r\n\r\n')),
      'has a part with two headers "content-disposition"',
    ],
    [
      'a transfer encoding',
      form(whole.replace('\r\n\r\n', '\r\nContent-Transfer-Encoding: base64\r\n\r\n')),
      'has a part with a transfer encoding',
    ],
    ['two names', form(part('name="item"; name="b"', 'ab')), /Content-Disposition is not/],
    ['no name', form(part('filename="item"', 'ab')), /Content-Disposition is not/],
    ['an encoded name', form(part("name*=utf-8''item", 'ab')), /Content-Disposition is not/],
    [
      'a quote in a name',
      form(part(String.raw`name="a\"; name=\"item"`, 'ab')),
      /Content-Disposition is not/,
    ],
    [
      'a quote in a file name',
      form(part(String.raw`name="item"; filename="a\"; x="`, 'ab')),
      /Content-Disposition is not/,
    ],
    [
      'another disposition',
      form(whole).replace('form-data', 'attachment'),
      /Content-Disposition is not/,
    ],
    [
      'an invalid type',
      form(part('name="item"', 'ab', 'text')),
      '/item has an invalid Content-Type',
    ],
    [
      'an array in brackets',
      form(whole, field('item[]', 'x')),
      /^.item is also sent in another spelling/,
    ],
    [
      'a name in another case',
      form(whole, field('Item', 'x')),
      /^.item is also sent in another spelling/,
    ],
  ])('is refused if it has %s', async (_, body, problem) => {
    const judge = await (compiled ??= judgeForm({ properties: order.properties }));
    const [found = '', ...more] = judge(body);
    expect(more).toEqual([]);
    expect(found).toMatch(problem);
  });

  it.each([
    '',
    '; boundary=a; boundary=abc123',
    "; boundary*=utf-8''abc123",
    '; boundary="a\u00e4"',
  ])('is refused if Content-Type has no valid boundary: "%s"', async (parameters) => {
    const judge = await judgeForm(order);
    expect(judge(form(whole), `multipart/form-data${parameters}`)).toEqual([
      'has no valid boundary in Content-Type',
    ]);
  });

  const { check, valueOf } = recording();
  const others = { types: ['string'], items: text } as const;
  const body = multipartBody({ fields: [], names: [], others, parts: [] }, check);

  it('is read as the Fetch standard reads it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, value)), async (pairs) => {
        const given = new FormData();
        for (const [key, each] of pairs) given.append(key, each);
        const request = new Response(given);
        const bytes = Buffer.from(await request.clone().arrayBuffer());
        const type = request.headers.get('content-type') ?? '';
        const parameters = [['boundary', type.split('boundary=')[1] ?? ''] as const];
        const fields = [...(await request.formData())] as [string, string][];
        // The standard encodes quotes in names, as browsers do. Services read them as they are written.
        const written = fields.map(([key, each]) => [key.replaceAll('"', '%22'), each] as const);
        expect(valueOf(body(bytes, { ...stated, type, parameters }))).toEqual(grouped(written));
      }),
    );
  });

  it('is refused, or read as other readers read it, if it is damaged', async () => {
    const intact = form(field('a', '1'), part('name="b"; filename="f"', 'x', 'text/plain'), whole);
    const damage = fc.tuple(
      fc.nat(intact.length),
      fc.nat(3),
      fc.constantFrom(
        '',
        '\r',
        '\n',
        '\r\n',
        '-',
        '--',
        boundary,
        `\r\n--${boundary}`,
        '"',
        ';',
        ' ',
        '\0',
        'é',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
        let damaged = intact;
        for (const [at, count, inserted] of damages)
          damaged = damaged.slice(0, at) + inserted + damaged.slice(at + count);
        const parameters = [['boundary', boundary] as const];
        let violations: readonly unknown[];
        try {
          violations = body(Buffer.from(damaged), { ...stated, type: multipart, parameters });
        } catch {
          return;
        }
        if (violations.length > 0) return;
        const expected = valueOf(violations);
        const fetched = await byFetch(damaged);
        if (fetched !== undefined) expect(expected).toEqual(grouped(fetched));
        const read = await byBusboy(damaged);
        expect(expected).toEqual(grouped(read));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('a request with a form', () => {
  const image = part('name="image"; filename="a.png"', 'PNG\r\n\0\xff--', 'image/png');
  const body = Buffer.from(form(field('item', 'ab'), image), 'latin1');

  it('is sent upstream with every byte, or refused with 400', async () => {
    const validate = await validatorOf('multipart/form-data', {
      properties: { item: { type: 'string' }, image: { type: 'string', format: 'binary' } },
    });
    let received: Buffer | undefined;
    const world = gatewayWith({
      routes: [route('POST /a', { validate })],
      respond: async (input) => {
        received = input.request.body;
        return { statusCode: 200, headers: {} };
      },
    });
    const headers = { 'content-type': multipart };
    expect(await send(world, 'POST', '/a', { headers, body })).toMatchObject({ statusCode: 200 });
    expect(received).toEqual(body);
    expect(
      (await send(world, 'POST', '/a', { headers, body: body.subarray(0, -5) })).problem,
    ).toMatchObject({
      ...{ status: 400, code: 'VALIDATION_FAILED' },
      errors: [{ pointer: '', detail: 'has no boundary at its end' }],
    });
  });

  it('costs time that grows with its size alone', async () => {
    const size = 262_144;
    const ambiguous = { anyOf: [{ type: 'integer' }, { type: 'array', items: { const: 'x' } }] };
    const judge = await judgeBy(
      urlencoded,
      { properties: { f: { type: 'object' } }, additionalProperties: ambiguous },
      { f: { style: 'deepObject' } },
    );
    const judgeParts = await judgeBy('multipart/form-data', { properties: { a: {} } });
    const names = Array.from({ length: size / 8 }, (_, index) => index.toString(36));
    const dashes = '-'.repeat(70);
    const start = process.cpuUsage();
    judge(names.map((each) => `${each}=y`).join('&'));
    judge(names.map((each) => `f[${each}]=y`).join('&'));
    judge('f[a]'.repeat(size / 4));
    judgeParts(field('a', '').repeat(size / 60) + form(), { 'content-type': multipart });
    judgeParts(`--${dashes}\r\nA: b\r\n\r\n${`${dashes}-x`.repeat(size / 72)}`, {
      'content-type': `multipart/form-data; boundary=${dashes}`,
    });
    judgeParts(`--${boundary}\r\nContent-Disposition: form-data${'; name="'.repeat(size / 8)}`, {
      'content-type': multipart,
    });
    expect(process.cpuUsage(start).user / 1_000).toBeLessThan(3_000);
  });
});

/** Of a file, only the name. Undefined if it is refused. */
const byFetch = async (body: string): Promise<Pairs | undefined> => {
  try {
    const read = await new Response(body, { headers: { 'content-type': multipart } }).formData();
    return [...read].map(([key, each]) => [key, typeof each === 'string' ? each : '']);
  } catch {
    return undefined;
  }
};

const byBusboy = (body: string): Promise<Pairs> =>
  new Promise((resolve, reject) => {
    const pairs: Array<readonly [string, string]> = [];
    const reader = new Busboy({ headers: { 'content-type': multipart } });
    reader
      .on('field', (key, each) => pairs.push([key, each]))
      .on('file', (key, stream) => {
        pairs.push([key, '']);
        stream.resume();
      })
      .on('finish', () => {
        resolve(pairs);
      })
      .on('error', reject)
      .end(body);
  });
