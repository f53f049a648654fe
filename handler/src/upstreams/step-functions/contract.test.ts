import { expect, it } from '@jest/globals';
import { compileText } from '../../../compiler/testing/compile-files.ts';

const summaryOf = (upstream: string) =>
  compileText(`
openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
x-postern:
  version: 1
  failureLimit: false
  upstreams: { orders: { ${upstream} } }
  defaults: { rateLimits: [], upstream: orders }
security: []
paths:
  /orders: { post: { responses: { '202': { description: Accepted } } } }
`).summary;

it.each([
  ['stepFunctions: {}', 'states:StartExecution'],
  ['stepFunctions: { sync: true }', 'states:StartSyncExecution'],
])('an upstream with %s needs the permission %s and no other', (upstream, action) => {
  expect(summaryOf(upstream)).toMatchObject({
    upstream_kinds: { orders: 'stepFunctions' },
    permissions: [{ upstream: 'orders', actions: [action] }],
  });
});

it('an upstream that is an event bus needs a source and a detailType', () => {
  expect(() => summaryOf('eventBridge: { source: shop }')).toThrow(/detailType/);
});

it('an upstream that does not wait for the execution has no statuses of its errors', () => {
  expect(() => summaryOf('stepFunctions: { errors: { OutOfStock: 409 } }')).toThrow(
    /gateway\.yaml:7:\d+ +"errors" is for "sync: true"/,
  );
  expect(() => summaryOf('stepFunctions: { sync: true, errors: { OutOfStock: 200 } }')).toThrow(
    /OutOfStock/,
  );
});
