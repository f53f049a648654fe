import { expect, it } from '@jest/globals';
import { loadModule } from '../../handler/testing/load-contract.ts';
import { awsOverHttp } from './aws-over-http.ts';

const contract = (kind: string): string => `
openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
x-postern:
  version: 1
  upstreams: { price-lists: { ${kind}: {}, timeout: 3s } }
  defaults: { rateLimits: [], upstream: price-lists }
security: []
paths:
  /prices: { get: { responses: { '200': { description: Prices } } } }
`;

it('a resource of AWS is an HTTP service for the development server', async () => {
  const compiled = awsOverHttp(await loadModule({ 'gateway.yaml': contract('lambda') }));
  expect(compiled.contract.upstreams['price-lists']).toMatchObject({
    kind: 'http',
    urlVariable: 'UPSTREAM_PRICE_LISTS_SERVICE_URL',
  });
  const route = compiled.contract.routes.find(({ id }) => id === 'GET /prices');
  expect(route?.target).toEqual({
    kind: 'http',
    upstream: 'price-lists',
    timeoutMs: 3_000,
    rewrite: undefined,
  });
  expect(Object.keys(compiled.upstreams)).toContain('http');
});

it('a resource of AWS in a list of upstreams is one, too', async () => {
  const list = contract('lambda')
    .replace('upstreams: {', 'upstreams: { users: { http: {} },')
    .replace(
      'upstream: price-lists',
      'upstream: [{ name: price-lists, weight: 1 }, { name: users, weight: 1 }]',
    );
  const { routes } = awsOverHttp(await loadModule({ 'gateway.yaml': list })).contract;
  expect(routes.find(({ id }) => id === 'GET /prices')?.target).toMatchObject({
    kind: 'split',
    parts: [
      { target: { kind: 'http', upstream: 'price-lists' } },
      { target: { kind: 'http', upstream: 'users' } },
    ],
  });
});

it('a contract without resources of AWS is left as it is for the development server', async () => {
  const compiled = await loadModule({ 'gateway.yaml': contract('http') });
  expect(awsOverHttp(compiled)).toBe(compiled);
});
