import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { type AwsUpstreamWorld, startAwsUpstreams } from '../../../testing/aws-upstreams.ts';
import { refuseWith, reset, respondWith } from '../../../testing/fake-aws/behaviors.ts';

const contract = `
openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
x-postern:
  version: 1
  failureLimit: false
  upstreams: { files: { s3: {}, breaker: { failures: 1000 } } }
  defaults: { rateLimits: [], upstream: files, maxBodySize: 1KiB }
security: []
paths:
  /exports/{rest+}:
    parameters: [{ name: rest, in: path, required: true, schema: { type: string } }]
    get:
      responses: { '200': { description: OK } }
      x-postern: { s3: { key: 'exports/{$request.path.rest}', transfer: proxied } }
  /pictures/{name}:
    parameters: [{ name: name, in: path, required: true, schema: { type: string } }]
    put:
      responses: { '204': { description: OK } }
      requestBody: { content: { '*/*': {} } }
      x-postern: { s3: { key: 'pictures/{$request.path.name}', transfer: proxied, upload: { types: [image/*, text/csv] } } }
    post:
      responses: { '201': { description: OK } }
      requestBody: { content: { '*/*': {} } }
      x-postern: { s3: { key: 'pictures/{$request.path.name}', transfer: proxied, upload: { types: [text/csv], overwrite: false } } }
  /url:
    get:
      responses: { '302': { description: Found } }
      x-postern: { s3: { key: exports/url.csv } }
`;

let world: AwsUpstreamWorld;
beforeAll(async () => {
  world = await startAwsUpstreams(contract, { UPSTREAM_FILES_ARN: 'arn:aws:s3:::acme-files' });
});
afterAll(() => world.stop());
beforeEach(() => {
  world.aws.behave(world.aws.sound);
  world.aws.s3.clear();
});

const etag = (body: string): string => `"${createHash('md5').update(body).digest('hex')}"`;
const text = 'id,name\n7,Lamp\n';
const csv = {
  body: text,
  headers: { 'content-type': 'text/csv', 'cache-control': 'max-age=60', 'x-amz-meta-by': 'alice' },
};
const put = (path: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  world.send('PUT', path, { body, headers: { 'content-type': 'text/csv', ...headers } });

describe('an object that the gateway reads', () => {
  beforeEach(() => void world.aws.s3.set('/acme-files/exports/2026/7.csv', csv));
  const get = (headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
    world.send(method, '/exports/2026/7.csv', { headers });

  it('is the response, with what describes it and nothing of S3 itself', async () => {
    const { statusCode, headers = {}, body } = await get();
    expect({ statusCode, body }).toEqual({ statusCode: 200, body: text });
    expect(headers).toMatchObject({
      'content-type': 'text/csv',
      'cache-control': 'max-age=60',
      etag: etag(text),
      'last-modified': 'Sat, 31 Jan 2026 12:00:00 GMT',
      'accept-ranges': 'bytes',
    });
    expect(Object.keys(headers).filter((name) => /amz|server/.test(name))).toEqual([]);
  });

  it('has with HEAD the same headers and the length, without a body', async () => {
    const { statusCode, headers = {}, body } = await get({}, 'HEAD');
    expect([statusCode, body ?? '']).toEqual([200, '']);
    expect(headers).toMatchObject({ etag: etag(text), 'content-length': String(text.length) });
  });

  it('is 304 for a client that has it', async () => {
    const { statusCode, headers = {}, body } = await get({ 'if-none-match': etag(text) });
    expect([statusCode, body ?? '']).toEqual([304, '']);
    expect(headers['etag']).toBe(etag(text));
  });

  it('is 412 with a condition that does not hold', async () => {
    expect(await get({ 'if-match': '"other"' })).toMatchObject({
      statusCode: 412,
      json: { code: 'PRECONDITION_FAILED' },
    });
  });

  it('can be requested in part', async () => {
    const { statusCode, headers = {}, body } = await get({ range: 'bytes=0-1' });
    expect([statusCode, body]).toEqual([206, 'id']);
    expect(headers['content-range']).toBe(`bytes 0-1/${text.length}`);
  });

  it('is whole if the range depends on a validator, which S3 does not check', async () => {
    const headers = { range: 'bytes=0-1', 'if-range': '"other"' };
    expect(await get(headers)).toMatchObject({ statusCode: 200, body: text });
  });

  it('is 416 for a range beyond its end', async () => {
    expect(await get({ range: 'bytes=999-' })).toMatchObject({
      statusCode: 416,
      json: { code: 'RANGE_NOT_SATISFIABLE' },
    });
  });

  it.each([
    ['that does not exist, to a role that may not list the bucket', undefined],
    ['that does not exist', s3Refusal(404, 'NoSuchKey')],
    ['that S3 refuses to show', s3Refusal(403, 'AccessDenied')],
  ])('%s is 404 without the name of the bucket or the key', async (_, behavior) => {
    if (behavior !== undefined) world.aws.behave(behavior);
    for (const method of ['GET', 'HEAD']) {
      const response = await world.send(method, '/exports/none.csv');
      expect(response.statusCode).toBe(404);
      if (method === 'GET') expect(response.json['code']).toBe('OBJECT_NOT_FOUND');
      expect(JSON.stringify(response)).not.toMatch(/acme-files|<Error>|amz/);
    }
  });

  it('whose denial has a note in the log', async () => {
    await world.send('GET', '/exports/none.csv');
    const line = world.lines.findLast(({ message }) => message === 'request');
    expect(line).toMatchObject({
      error_code: 'OBJECT_NOT_FOUND',
      error: { note: expect.stringContaining('the role may not read it') },
    });
  });

  it('that is larger than a response can be is a 502 that says so, and its parts are not', async () => {
    const large = { body: 'a'.repeat(6 * 1024 * 1024), headers: { 'content-type': 'text/plain' } };
    world.aws.s3.set('/acme-files/exports/large', large);
    expect(await world.send('GET', '/exports/large')).toMatchObject({
      statusCode: 502,
      json: {
        code: 'UPSTREAM_RESPONSE_TOO_LARGE',
        detail: expect.stringContaining('Request less data at a time'),
      },
    });
    const part = await world.send('GET', '/exports/large', { headers: { range: 'bytes=0-99' } });
    expect([part.statusCode, part.body?.length]).toEqual([206, 100]);
  });

  it.each([
    [s3Refusal(404, 'NoSuchBucket'), 502, 'UPSTREAM_BAD_RESPONSE'],
    [s3Refusal(301, 'PermanentRedirect'), 502, 'UPSTREAM_BAD_RESPONSE'],
    [s3Refusal(403, 'InvalidAccessKeyId'), 502, 'UPSTREAM_BAD_RESPONSE'],
    [s3Refusal(503, 'SlowDown'), 503, 'UPSTREAM_UNAVAILABLE'],
    [s3Refusal(500, 'InternalError'), 503, 'UPSTREAM_UNAVAILABLE'],
    [refuseWith('Any', {}, 400), 502, 'UPSTREAM_BAD_RESPONSE'],
    [reset, 502, 'UPSTREAM_BAD_RESPONSE'],
  ])('is no 404 for a failure of S3 or of the settings', async (behavior, statusCode, code) => {
    world.aws.behave(behavior);
    expect(await get()).toMatchObject({ statusCode, json: { code } });
  });

  it('is requested again if the connection was lost', async () => {
    // Successes, which the budget for retries counts.
    for (let count = 0; count < 5; count += 1) await get();
    world.aws.behave(reset, world.aws.sound);
    expect(await get()).toMatchObject({ statusCode: 200 });
  });

  it.each([
    'a/../../b',
    '..',
    'a//b',
    'a/',
    '/a',
    'a/%2e%2e/b',
    '%2e%2e',
    'a\\b',
    'a\u0000b',
    'a\u0085',
  ])('has no key that ends in %j', async (rest) => {
    let calls = 0;
    world.aws.behave((response, request) => {
      calls += 1;
      return world.aws.sound(response, request);
    });
    expect((await world.send('GET', `/exports/${rest}`)).statusCode).toBe(400);
    expect(calls).toBe(0);
  });

  it('can have a key of any other characters', async () => {
    world.aws.s3.set('/acme-files/exports/%C3%BC%20%26%2B%3D%3F%27%28a%29.csv', csv);
    expect(await world.send('GET', "/exports/ü &+=?'(a).csv")).toMatchObject({ body: text });
  });

  it('and a presigned URL can be of the same bucket', async () => {
    expect(await world.send('GET', '/url')).toMatchObject({ statusCode: 302 });
  });
});

describe('an object that the gateway writes', () => {
  it('is the body, under the key, with its type; the response has the ETag', async () => {
    const response = await put('/pictures/a.csv', text, {
      'content-type': 'text/csv; charset=utf-8',
    });
    expect([response.statusCode, response.headers?.['etag']]).toEqual([204, etag(text)]);
    expect([...world.aws.s3]).toEqual([
      [
        '/acme-files/pictures/a.csv',
        { body: text, headers: { 'content-type': 'text/csv; charset=utf-8' } },
      ],
    ]);
  });

  it('can be empty', async () => {
    expect(await put('/pictures/a.csv', '')).toMatchObject({ statusCode: 204 });
    expect(world.aws.s3.get('/acme-files/pictures/a.csv')?.body).toBe('');
  });

  it('replaces none with "overwrite: false", or if the client says so', async () => {
    const headers = { 'content-type': 'text/csv' };
    const post = () => world.send('POST', '/pictures/a.csv', { body: text, headers });
    expect(await post()).toMatchObject({ statusCode: 201 });
    expect(await post()).toMatchObject({ statusCode: 412, json: { code: 'PRECONDITION_FAILED' } });
    const only = { 'if-none-match': '*' };
    expect(await put('/pictures/a.csv', 'other', only)).toMatchObject({ statusCode: 412 });
    expect(await put('/pictures/b.csv', 'other', only)).toMatchObject({ statusCode: 201 });
    expect(world.aws.s3.get('/acme-files/pictures/a.csv')?.body).toBe(text);
  });

  it('that is new is not written again after a lost response, others are', async () => {
    world.aws.behave(reset, world.aws.sound);
    expect(await put('/pictures/a.csv', text, { 'if-none-match': '*' })).toMatchObject({
      statusCode: 502,
    });
    world.aws.behave(reset, world.aws.sound);
    expect(await put('/pictures/a.csv', text)).toMatchObject({ statusCode: 204 });
  });

  it.each<[what: string, headers: Record<string, string>, body: string, status: number]>([
    ['of another type', { 'content-type': 'text/html' }, text, 415],
    ['of a type that is none', { 'content-type': 'image/' }, text, 415],
    ['without a type', { 'content-type': '' }, text, 415],
    ['that is too large', {}, 'a'.repeat(1_025), 413],
    ['that is a part', { 'content-range': 'bytes 0-1/5' }, text, 400],
    ['with a condition that S3 would need more permissions for', { 'if-match': '"a"' }, text, 400],
    ['with another condition', { 'if-none-match': '"a"' }, text, 400],
    ['with a type of other characters', { 'content-type': 'text/csv; name=ü' }, text, 400],
  ])('%s is refused before S3 is called', async (_, headers, body, statusCode) => {
    expect(await put('/pictures/a.csv', body, headers)).toMatchObject({ statusCode });
    expect(world.aws.s3.size).toBe(0);
  });

  it('whose checksum is wrong is refused', async () => {
    const md5 = createHash('md5').update(text).digest('base64');
    const ofOther = { 'content-md5': createHash('md5').update('other').digest('base64') };
    expect(await put('/pictures/a.csv', text, ofOther)).toMatchObject({
      statusCode: 400,
      json: { detail: expect.stringContaining('Content-MD5') },
    });
    expect(await put('/pictures/a.csv', text, { 'content-md5': md5 })).toMatchObject({
      statusCode: 204,
    });
  });

  it.each([
    [s3Refusal(409, 'ConditionalRequestConflict'), 503, 'UPSTREAM_UNAVAILABLE'],
    [s3Refusal(403, 'AccessDenied'), 502, 'UPSTREAM_BAD_RESPONSE'],
    [s3Refusal(503, 'SlowDown'), 503, 'UPSTREAM_UNAVAILABLE'],
  ])('fails clearly if S3 refuses it', async (behavior, statusCode, code) => {
    world.aws.behave(behavior);
    const response = await put('/pictures/a.csv', text);
    expect(response).toMatchObject({ statusCode, json: { code } });
    expect(JSON.stringify(response)).not.toMatch(/acme-files/);
  });

  it.each(['..', '%2e%2e', 'a\\b', 'a\u0000b'])('has no key that ends in %j', async (name) => {
    expect((await put(`/pictures/${name}`, text)).statusCode).toBe(400);
    expect(world.aws.s3.size).toBe(0);
  });
});

function s3Refusal(status: number, code: string) {
  const body = `<Error><Code>${code}</Code><BucketName>acme-files</BucketName></Error>`;
  return respondWith(status, body, { 'content-type': 'application/xml' });
}
