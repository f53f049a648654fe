import { describe, expect, it } from '@jest/globals';
import { compileText, problemsOf } from '../../../compiler/testing/compile-files.ts';

const contract = (
  defaults: string,
  { get = '', post = '', open = '' } = {},
): string => `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { orders: { http: {} } }
  defaults: { rateLimits: [], maxBodySize: 1KiB, upstream: orders${defaults} }
security: [{ session: [] }]
paths:
  /orders:
    get: { responses: { '200': { description: OK } }${get} }
    post: { responses: { '201': { description: OK } }${post} }
    patch: { responses: { '200': { description: OK } } }
  /open:
    post: { security: [], responses: { '201': { description: OK } }${open} }
components:
  securitySchemes: { session: { type: http, scheme: bearer, x-postern: { session: {} } } }
`;

const compiled = (...given: Parameters<typeof contract>) => compileText(contract(...given));

const day = ', idempotency: { ttl: 24h }';

describe('the idempotency of a contract', () => {
  it('adds no code where no route has it', () => {
    expect(compiled(', idempotency: false').code).not.toMatch(/idempotency/i);
  });

  it('is in the defaults that of POST and PATCH with a sign-in alone', () => {
    const { code, summary } = compiled(day);
    const withKeys = code.split('id: "').filter((each) => each.includes('{ttlSeconds:86400}'));
    expect(withKeys.map((each) => each.split('"')[0]).toSorted()).toEqual([
      'PATCH /orders',
      'POST /orders',
    ]);
    expect(code).toContain('withIdempotency(httpUpstreams)');
    expect(summary['permissions']).toContainEqual({
      store: 'idempotency',
      actions: ['dynamodb:UpdateItem'],
    });
  });

  it('can be switched off for an operation', () => {
    const { code } = compiled(day, { post: ', x-postern: { idempotency: false }' });
    expect(code.match(/ttlSeconds/g)).toHaveLength(1);
  });

  it('is published with its responses', () => {
    const { openapi } = compiled('', { post: ', x-postern: { idempotency: { ttl: 1h } }' });
    const { post, patch } = (openapi as { paths: Record<string, Record<string, object>> }).paths[
      '/orders'
    ] as Record<string, { responses: Record<string, { headers?: object }> }>;
    expect(Object.keys(post?.responses ?? {})).toEqual(
      expect.arrayContaining(['400', '409', '422', '503']),
    );
    expect(patch?.responses).not.toHaveProperty('409');
  });

  it.each([
    [
      'an operation of GET',
      { get: ', x-postern: { idempotency: { ttl: 1h } }' },
      /^gateway\.yaml:10:68 .*GET has the same effect however often it is sent/,
    ],
    [
      'a public operation',
      { open: ', x-postern: { idempotency: { ttl: 1h } }' },
      /a public operation has no caller whose keys these are/,
    ],
    [
      'a query that differs in each request',
      {
        post: ", x-postern: { idempotency: { ttl: 1h }, transform: { request: { query: { set: { rid: '$request.id' } } } } }",
      },
      /^gateway\.yaml:11:\d+ .*no repeated request is equal to the first/,
    ],
    ['a short ttl', { post: ', x-postern: { idempotency: { ttl: 1s } }' }, /"ttl"/],
    ['no ttl', { post: ', x-postern: { idempotency: {} }' }, /"ttl" is missing/],
  ])('is a problem for %s', (_, operations, problem) => {
    expect(problemsOf(contract('', operations))).toEqual([expect.stringMatching(problem)]);
  });
});
