import { describe, expect, it } from '@jest/globals';
import { compileText, problemsOf } from '../../../compiler/testing/compile-files.ts';

const contract = (postern: string, method = 'post'): string => `
openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
x-postern:
  version: 1
  failureLimit: false
  upstreams: { files: { s3: {} } }
  defaults: { rateLimits: [], upstream: files }
security: []
paths:
  /files/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    ${method}:
      responses: { '200': { description: OK } }
      ${method === 'get' ? '' : "requestBody: { content: { 'application/json': {} } }"}
      x-postern: { ${postern} }
`;

const problemTextOf = (...given: Parameters<typeof contract>): string =>
  problemsOf(contract(...given)).join('\n');

const uploadWith = (more: string): string => `s3: { key: a, upload: { maxSize: 1MiB, ${more} } }`;
const size = "size: '$request.body#/size'";

describe('the object of an operation', () => {
  it.each<[postern: string, method: string]>([
    ["s3: { key: 'a/{$request.path.id}', transfer: proxied }", 'get'],
    [`s3: { key: a, transfer: proxied, upload: { types: [image/*], overwrite: false } }`, 'put'],
    [`s3: { key: 'a/{$request.id}', transfer: proxied, upload: { types: [image/png] } }`, 'post'],
    ["s3: { key: 'exports/{$request.path.id}.csv' }", 'get'],
    ["s3: { key: '{$request.path.id}', expires: 1h, response: json }", 'get'],
    [uploadWith(`type: image/PNG, ${size}, overwrite: false`), 'post'],
    [uploadWith(`type: '$request.body#/type', types: [image/png, text/*], ${size}`), 'post'],
  ])('can be %s, of %s', (postern, method) => {
    expect(problemTextOf(postern, method)).toBe('');
  });

  it.each<[what: string, postern: string, problem: RegExp]>([
    [
      'without a type',
      's3: { key: a, upload: { size: $request.body#/s, maxSize: 1KiB } }',
      /needs "type"/,
    ],
    ['by another way', 's3: { key: a, transfer: direct }', /presigned/],
    [
      'proxied with a time',
      's3: { key: a, transfer: proxied, upload: { types: [a/b] }, expires: 1m }',
      /"expires" is for presigned URLs/,
    ],
    [
      'proxied as a redirect',
      's3: { key: a, transfer: proxied, response: json }',
      /"response" is for presigned URLs/,
    ],
    ['proxied to a POST', 's3: { key: a, transfer: proxied }', /a proxied download is for GET/],
    ['proxied of any type', 's3: { key: a, transfer: proxied, upload: {} }', /needs "types"/],
    [
      'proxied with a size',
      `s3: { key: a, transfer: proxied, upload: { types: [a/b], ${size} } }`,
      /has the size of the body/,
    ],
    [
      'proxied with a largest size',
      's3: { key: a, transfer: proxied, upload: { types: [a/b], maxSize: 1KiB } }',
      /"maxBodySize" limits/,
    ],
    [
      'proxied with a type',
      's3: { key: a, transfer: proxied, upload: { types: [a/b], type: a/b } }',
      /has the Content-Type of the request/,
    ],
    [
      'proxied with a slash at the start of its key',
      's3: { key: /a, transfer: proxied }',
      /no slash at its start/,
    ],
    ['that is missing', 'maxBodySize: 1KiB', /"files" is a bucket — add "s3: \{ key: … \}"/],
    ['without a key', 's3: {}', /key/],
    ['with an undeclared parameter', "s3: { key: '{$request.path.ids}' }", /"ids" is no path/],
    ['with the caller of a public route', "s3: { key: 'a/{$caller.id}' }", /it has no caller/],
    ['with a duration that is too long', 's3: { key: a, expires: 2h }', /from 1s to 1h/],
    ['with a duration that is too short', 's3: { key: a, expires: 10ms }', /from 1s to 1h/],
    ['with a redirect of a POST', 's3: { key: a, response: redirect }', /a redirect is for GET/],
    [
      'with an upload that is a redirect',
      `s3: { key: a, response: json, upload: { type: a/b, maxSize: 1B, ${size} } }`,
      /"response" is for downloads/,
    ],
    ['with an upload of any size', `s3: { key: a, upload: { type: a/b, ${size} } }`, /maxSize/],
    ['with a fixed size', uploadWith('type: a/b, size: "5"'), /a size is an expression/],
    [
      'that is too large for one upload',
      `s3: { key: a, upload: { type: a/b, maxSize: 6000MiB, ${size} } }`,
      /from 1B to 5120MiB/,
    ],
    [
      'of any type',
      uploadWith(`type: '$request.body#/type', ${size}`),
      /the request chooses the type — add "types"/,
    ],
    ['of types that are ignored', uploadWith(`type: a/b, types: [a/b], ${size}`), /"types" is for/],
    ['of a type that is none', uploadWith(`type: png, ${size}`), /"png" is not a media type/],
    [
      'of an invalid list of types',
      uploadWith(`type: '$request.body#/t', types: ['*/*'], ${size}`),
      /must be a media type in lower case/,
    ],
  ])('%s is a problem', (_, postern, problem) => {
    expect(problemTextOf(postern)).toMatch(problem);
  });

  it.each([
    '/a',
    'a/',
    'a//b',
    '..',
    '../a',
    'a/../b',
    'a/.',
    './a',
    'a/./{$request.path.id}',
    'a/{$request.path.id}/../b',
    `${'a'.repeat(1025)}`,
  ])('cannot have the key %s, which names another object to some', (key) => {
    expect(problemTextOf(`s3: { key: '${key}' }`, 'get')).toMatch(
      /no segment that is empty, \. or \.\./,
    );
  });

  it.each([
    'a%2e%2e/b',
    '%2e%2e/{$request.path.id}',
    'a b',
    'a\\b',
    'ä',
    '*',
    'a?',
    '${bucket}/a',
    'a/{id}',
    'a;b',
  ])('cannot have the key %s, which a policy or a server reads in another way', (key) => {
    expect(problemTextOf(`s3: { key: '${key}' }`, 'get')).toMatch(/a key has only letters, digits/);
  });

  it('cannot have a control character in its key', () => {
    expect(problemTextOf('s3: { key: "a\\u0000b" }', 'get')).toMatch(/a key has only letters/);
  });
});

describe('the permissions of an operation with an object', () => {
  it.each([
    ["s3: { key: 'exports/{$request.path.id}.csv' }", 's3:GetObject', '/exports/*.csv'],
    ["s3: { key: '{$request.path.id}{$method}' }", 's3:GetObject', '/*'],
    ["s3: { key: 'terms.pdf' }", 's3:GetObject', '/terms.pdf'],
    [
      "s3: { key: 'a/{$request.path.id}', transfer: proxied, upload: { types: [a/b] } }",
      's3:PutObject',
      '/a/*',
    ],
    [uploadWith(`type: a/b, ${size}`), 's3:PutObject', '/a'],
  ])('are for %s just %s on %s', (postern, action, within) => {
    expect(compileText(contract(postern)).summary).toMatchObject({
      upstream_kinds: { files: 's3' },
      permissions: [{ upstream: 'files', within, actions: [action] }],
    });
  });
});

it('a proxied upload of a DELETE is a problem', () => {
  const upload = 's3: { key: a, transfer: proxied, upload: { types: [a/b] } }';
  expect(problemTextOf(upload, 'delete')).toMatch(/is for PUT and POST/);
});

it('a contract with presigned URLs alone has no code to read or write objects', () => {
  const codeOf = (postern: string): string => compileText(contract(postern, 'get')).code;
  expect(codeOf('s3: { key: a }')).not.toMatch(/prox/i);
  expect(codeOf('s3: { key: a, transfer: proxied }')).toMatch(/proxyDownload/);
});

it('an operation with an object whose upstream is no bucket has a problem', () => {
  const problems = problemsOf(`
openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
x-postern:
  version: 1
  upstreams: { shop: { http: {} } }
  defaults: { rateLimits: [], upstream: shop }
security: []
paths:
  /a: { get: { responses: {}, x-postern: { s3: { key: a } } } }
`);
  expect(problems.join('\n')).toMatch(/"s3" is for upstreams of the kind s3; "shop" is http/);
});
