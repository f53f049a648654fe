import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyCharacter } from '../../../testing/any-character.ts';
import { type AwsUpstreamWorld, startAwsUpstreams } from '../../../testing/aws-upstreams.ts';
import { casesOf, report, seedOf } from '../../../testing/effort.ts';
import { credentials } from '../../../testing/fake-aws/signature.ts';
import { queryOfAws } from '../../../testing/presigned-by-aws.ts';

const contract = `
openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
x-postern:
  version: 1
  failureLimit: false
  upstreams: { files: { s3: {} } }
  defaults: { rateLimits: [], upstream: files, maxBodySize: 64KiB }
security: []
paths:
  /exports/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '302': { description: Found } }
      x-postern: { s3: { key: 'exports/{$request.path.id}.csv' } }
  /all/{rest+}:
    get:
      parameters: [{ name: rest, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: OK } }
      x-postern: { s3: { key: 'all/{$request.path.rest}', response: json, expires: 1h } }
  /downloads:
    post:
      responses: { '200': { description: OK } }
      requestBody: { content: { 'application/json': {} } }
      x-postern: { s3: { key: 'exports/{$request.body#/name}' } }
  /pictures:
    post:
      responses: { '200': { description: OK } }
      requestBody: { content: { 'application/json': {} } }
      x-postern:
        s3:
          key: pictures/{$request.id}/{$request.body#/name}
          upload:
            type: $request.body#/type
            types: [image/png, text/*]
            size: $request.body#/size
            maxSize: 10MiB
            overwrite: false
  /report:
    post:
      responses: { '200': { description: OK } }
      requestBody: { content: { 'application/json': {} } }
      x-postern:
        s3: { key: report.csv, expires: 1m, upload: { type: text/CSV, size: $request.body#/size, maxSize: 1KiB } }
`;

const variables = { UPSTREAM_FILES_ARN: 'arn:aws:s3:::acme-files' };

let world: AwsUpstreamWorld;
beforeAll(async () => {
  world = await startAwsUpstreams(contract, variables);
});
afterAll(() => world.stop());

const json = { 'content-type': 'application/json' };

const post = (path: string, body: object) =>
  world.send('POST', path, { headers: json, body: JSON.stringify(body) });

const urlIn = (value: unknown): URL => new URL(String(value));

/** Fails unless AWS's own client signs the same. */
const expectSigned = async (
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> =>
  expect(Object.fromEntries(url.searchParams)).toEqual(
    await queryOfAws(url, { method, headers }, credentials),
  );

describe('a download', () => {
  it('is a redirect to a URL for the one object, and S3 is not called', async () => {
    let calls = 0;
    world.aws.behave((response, request) => {
      calls += 1;
      return world.aws.sound(response, request);
    });
    const { statusCode, headers = {}, body } = await world.send('GET', '/exports/7');
    world.aws.behave(world.aws.sound);
    expect({ statusCode, body: body ?? '' }).toEqual({ statusCode: 302, body: '' });
    expect(headers['cache-control']).toBe('no-store');
    const url = urlIn(headers['location']);
    expect(url.pathname).toBe('/acme-files/exports/7.csv');
    expect(url.searchParams.get('X-Amz-Expires')).toBe('300');
    expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('host');
    await expectSigned(url, 'GET');
    expect(calls).toBe(0);
  });

  it('has a URL for HEAD where the request is one', async () => {
    const { statusCode, headers = {} } = await world.send('HEAD', '/exports/7');
    expect(statusCode).toBe(302);
    await expectSigned(urlIn(headers['location']), 'HEAD');
  });

  it('can be JSON with the URL and its end', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const { statusCode, headers = {}, json: said } = await world.send('GET', '/all/a/ü b/c');
    expect({ statusCode, cache: headers['cache-control'] }).toEqual({
      statusCode: 200,
      cache: 'no-store',
    });
    const url = urlIn(said['url']);
    expect(decodeURIComponent(url.pathname)).toBe('/acme-files/all/a/ü b/c');
    await expectSigned(url, 'GET');
    const endMs = Date.parse(String(said['expires_at']));
    expect(endMs - before).toBeGreaterThanOrEqual(3_600_000);
    expect(endMs - before).toBeLessThan(3_660_000);
    const signed = url.searchParams.get('X-Amz-Date') ?? '';
    expect(new Date(endMs - 3_600_000).toISOString().replace(/[-:]|\.000/g, '')).toBe(signed);
  });

  it('of a POST is JSON', async () => {
    const { statusCode, json: said } = await post('/downloads', { name: 'a.csv' });
    expect(statusCode).toBe(200);
    expect(urlIn(said['url']).pathname).toBe('/acme-files/exports/a.csv');
  });

  it.each([
    ['a value that is missing', {}],
    ['an empty value', { name: '' }],
    ['a folder of its own', { name: 'a/b' }],
    ['a way up', { name: '..' }],
    ['a way up in its name', { name: '../secret' }],
    ['a percent-encoding', { name: '%2e%2e' }],
    ['a backslash', { name: 'a\\b' }],
    ['a control character', { name: 'a\u0000' }],
    ['a control character of Latin-1', { name: 'a\u0085b' }],
    ['half a character', { name: '\ud800' }],
    ['more than S3 can name', { name: 'a'.repeat(1_024) }],
  ])('with %s in its key is refused with 400', async (_, body) => {
    expect(await post('/downloads', body)).toMatchObject({
      statusCode: 400,
      json: { code: 'BAD_REQUEST', detail: expect.stringContaining('the name of the object') },
    });
  });
});

describe('an upload', () => {
  const picture = { name: 'a.png', type: 'image/png', size: 1_234 };

  it('has a URL that is only for the one type and size, and replaces no object', async () => {
    const { statusCode, json: said } = await post('/pictures', picture);
    expect(statusCode).toBe(200);
    const headers = { 'content-length': '1234', 'content-type': 'image/png', 'if-none-match': '*' };
    expect(said).toMatchObject({ method: 'PUT', headers });
    const url = urlIn(said['url']);
    expect(url.pathname).toBe('/acme-files/pictures/request-1/a.png');
    expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe(
      'content-length;content-type;host;if-none-match',
    );
    await expectSigned(url, 'PUT', headers);
  });

  it('of a fixed type does not need the client to say it', async () => {
    const { json: said } = await post('/report', { size: '0' });
    const headers = { 'content-length': '0', 'content-type': 'text/csv' };
    expect(said['headers']).toEqual(headers);
    await expectSigned(urlIn(said['url']), 'PUT', headers);
  });

  it.each<[what: string, body: object, status: number, detail: string]>([
    ['of another type', { ...picture, type: 'image/gif' }, 400, 'one of: image/png, text/*'],
    ['without a type', { ...picture, type: undefined }, 400, 'one of: image/png, text/*'],
    ['of a type that is none', { ...picture, type: 'text/' }, 400, 'one of: image/png, text/*'],
    ['of a type with more', { ...picture, type: 'text/a\r\nb' }, 400, 'one of: image/png'],
    ['without a size', { ...picture, size: undefined }, 400, 'a whole number of bytes'],
    ['of a negative size', { ...picture, size: -1 }, 400, 'a whole number of bytes'],
    ['of half a byte', { ...picture, size: 1.5 }, 400, 'a whole number of bytes'],
    ['that is too large', { ...picture, size: 10_485_761 }, 413, '10485760 are allowed'],
    ['with a way up in its key', { ...picture, name: '..' }, 400, 'the name of the object'],
  ])('%s is refused', async (_, body, statusCode, detail) => {
    expect(await post('/pictures', body)).toMatchObject({
      statusCode,
      json: { detail: expect.stringContaining(detail) },
    });
  });
});

const hostile = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 12 }),
  fc
    .array(
      fc.constantFrom(
        '..',
        '.',
        '/',
        '\\',
        '%2e',
        '%2E%2e',
        '%252e',
        '%2f',
        '%5c',
        ';',
        ' ',
        'a',
        '\0',
        '\u0085',
        '?',
        '#',
        '&X-Amz-Expires=9',
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join('')),
);

it('no value that a client sends leads out of the folder of the key, or changes what is signed', async () => {
  const cases = casesOf(300, 20_000);
  let signed = 0;
  await fc.assert(
    fc.asyncProperty(hostile, async (name) => {
      const { statusCode, json: said } = await post('/downloads', { name });
      if (statusCode !== 200) {
        expect([statusCode, said['code']]).toEqual([400, 'BAD_REQUEST']);
        return;
      }
      signed += 1;
      const url = urlIn(said['url']);
      expect(url.pathname.split('/').slice(0, 3)).toEqual(['', 'acme-files', 'exports']);
      expect(decodeURIComponent(url.pathname.slice('/acme-files/exports/'.length))).toBe(name);
      expect(name).not.toMatch(/[/\\]|^\.{1,2}$|%2e/i);
      await expectSigned(url, 'GET');
    }),
    { numRuns: cases, seed: seedOf(1) },
  );
  expect(signed).toBeGreaterThan(10);
  report(cases, { signed });
});

it.each([
  ['a/../../b', 400],
  ['../b', 400],
  ['a//b', 400],
  ['a/', 400],
  ['a/%2e%2e/b', 400],
  ['a/b;c', 200],
])('a path that ends in %s gets %i', async (rest, statusCode) => {
  expect(await world.send('GET', `/all/${rest}`)).toMatchObject({ statusCode });
});

describe('the host of a URL', () => {
  it.each([
    [
      'acme-files',
      'eu-central-1',
      'https://acme-files.s3.eu-central-1.amazonaws.com/exports/7.csv',
    ],
    [
      'acme.files',
      'eu-central-1',
      'https://s3.eu-central-1.amazonaws.com/acme.files/exports/7.csv',
    ],
    ['acme-files', 'cn-north-1', 'https://acme-files.s3.cn-north-1.amazonaws.com.cn/exports/7.csv'],
  ])('is that of the bucket %s in %s', async (bucket, region, expected) => {
    const own = await startAwsUpstreams(contract, {
      UPSTREAM_FILES_ARN: `arn:aws:s3:::${bucket}`,
      AWS_REGION: region,
      AWS_ENDPOINT_URL: '',
    });
    const { headers = {} } = await own.send('GET', '/exports/7');
    await own.stop();
    const url = urlIn(headers['location']);
    expect(url.origin + url.pathname).toBe(expected);
    await expectSigned(url, 'GET');
  });
});

it.each(['', 'arn:aws:sqs:us-east-1:123456789012:files', 'acme-files', 'arn:aws:s3:::files/a'])(
  'the ARN "%s" of a bucket is a misconfiguration that is in the log only',
  async (arn) => {
    const own = await startAwsUpstreams(contract, { UPSTREAM_FILES_ARN: arn });
    const { statusCode, json: said } = await own.send('GET', '/exports/7');
    await own.stop();
    expect([statusCode, said['code']]).toEqual([503, 'GATEWAY_MISCONFIGURED']);
    expect(JSON.stringify(said)).not.toContain('UPSTREAM_FILES_ARN');
    expect(JSON.stringify(own.lines)).toContain('UPSTREAM_FILES_ARN');
  },
);

it('no URL and no credential of one is in the log', async () => {
  await world.send('GET', '/exports/7');
  await post('/report', { size: 1 });
  expect(JSON.stringify(world.lines)).not.toMatch(/X-Amz|bench-session-token|ASIABENCH/);
});
