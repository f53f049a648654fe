import { describe, expect, it } from '@jest/globals';
import { route } from '../../testing/gateway-with.ts';
import { createToPublicUrls } from './public-urls.ts';

const to = (rewrite?: string, upstream = 'users') => ({
  target: { kind: 'http', upstream, rewrite, timeoutMs: 1_000 } as const,
});

const routes = [
  route('POST /api/orders', to('/orders')),
  route('GET /api/orders/{id}', to('/orders/{id}')),
  route('GET /api/plain/{id}', to()),
  route('GET /shop/{rest+}', to('/store/{rest+}')),
  route('GET /first/{id}', to('/twice/{id}')),
  route('GET /second/{id}', to('/twice/{id}')),
  route('GET /lost/{a}/{b}', to('/half/{a}')),
  route('GET /slash/{id}', to('/ends/{id}/')),
  route('GET /other', to('/others', 'others')),
];

interface Setup {
  readonly url?: string;
  readonly from?: string;
  readonly basePath?: string;
  readonly prefix?: string;
}

const mapped = ({
  url = 'http://users.internal:8080',
  from,
  basePath = '',
  prefix = basePath,
}: Setup) => {
  const own = routes.find(({ id }) => id === from) ?? route('GET /api/plain/{id}', to());
  const toPublicUrls = createToPublicUrls(new URL(url), 'users', routes);
  return (headers: Record<string, string>, cookies: readonly string[] = []) =>
    toPublicUrls({ statusCode: 201, headers, cookies }, { route: own, basePath, prefix });
};

const location = (value: string, setup: Setup = {}) =>
  mapped(setup)({ location: value }).headers['location'];
const cookie = (value: string, setup: Setup = {}) => mapped(setup)({}, [value]).cookies?.[0];

describe('a Location with the upstream’s own URL', () => {
  it.each([
    ['http://users.internal:8080/api/plain/1?a=b#c', '/v1/api/plain/1?a=b#c'],
    ['https://users.internal:8080/api/plain/1', '/v1/api/plain/1'],
    ['HTTP://USERS.internal:8080/api/plain/1', '/v1/api/plain/1'],
    ['//users.internal:8080/api/plain/1', '/v1/api/plain/1'],
    ['http://users.internal:8080', '/v1/'],
    ['http://users.internal:8080?a', '/v1/?a'],
    ['/api/plain/1', '/v1/api/plain/1'],
    ['/', '/v1/'],
    ['/nowhere', '/v1/nowhere'],
  ])('is mapped to the gateway: %s', (value, expected) => {
    expect(location(value, { basePath: '/v1' })).toBe(expected);
  });

  it.each([
    ['http://users.internal', 'http://users.internal:80/a', '/a'],
    ['http://users.internal', 'https://users.internal:443/a', '/a'],
    ['https://users.internal', 'http://users.internal/a', '/a'],
    ['https://users.internal', 'https://users.internal:443/a', '/a'],
    ['http://[::1]:8080', 'http://[::1]:8080/a', '/a'],
  ])('by its usual port, too: %s, %s', (url, value, expected) => {
    expect(location(value, { url })).toBe(expected);
  });
});

describe('a reference to another origin', () => {
  it.each([
    'https://elsewhere.example/api/plain/1',
    'http://users.internal/api/plain/1',
    'http://users.internal:8080@evil.example/',
    'http://users.internal:8080.evil.example/',
    '//elsewhere.example/x',
    'mailto:alice@example.com',
    'javascript:alert(1)',
    'plain/1',
    '../plain/1',
    '?page=2',
    '#top',
    '',
    '/api/../admin',
    '/a/./b',
    '/..',
    '/a\\b',
  ])('is unchanged: %j', (value) => {
    expect(location(value, { basePath: '/v1' })).toBe(value);
  });

  it.each(['/v1', '/v1/api/plain/1?a', '/v1/'])(
    'is unchanged if it is already public: %s',
    (value) => {
      expect(location(value, { basePath: '/v1' })).toBe(value);
    },
  );

  it('is not public only because its text begins with the public prefix', () => {
    expect(location('/v10/x', { basePath: '/v1' })).toBe('/v1/v10/x');
  });
});

describe('a rewritten path', () => {
  it.each([
    ['POST /api/orders', '/orders/5?a', '/v1/api/orders/5?a'],
    ['POST /api/orders', '/orders', '/v1/api/orders'],
    ['GET /api/plain/{id}', 'http://users.internal:8080/orders/a%2Fb', '/v1/api/orders/a%2Fb'],
    ['GET /shop/{rest+}', '/store/a/b/', '/v1/shop/a/b'],
    ['GET /slash/{id}', '/ends/7/', '/v1/slash/7'],
  ])('is reversed, also by another route than the request’s: %s, %s', (from, value, expected) => {
    expect(location(value, { from, basePath: '/v1' })).toBe(expected);
  });

  it('is reversed by the request’s own route if several routes map to it', () => {
    expect(location('/twice/5', { from: 'GET /second/{id}' })).toBe('/second/5');
    expect(location('/twice/5', { from: 'GET /first/{id}' })).toBe('/first/5');
  });

  it.each([
    ['several paths lead there', '/twice/5'],
    ['it leaves a part of the path open', '/half/5'],
    ['it is another upstream’s', '/others'],
    ['a wildcard would be empty', '/store'],
    ['a segment is empty', '/orders//'],
  ])('is not reversed if %s', (_, value) => {
    expect(location(value)).toBe(value);
  });
});

describe('the path of the upstream’s URL', () => {
  const url = 'http://users.internal:8080/base/';
  it.each([
    ['/base/orders/5', '/v1/api/orders/5'],
    ['/base', '/v1/'],
    ['http://users.internal:8080/base/orders/5', '/v1/api/orders/5'],
    ['/based/x', '/based/x'],
    ['http://users.internal:8080/elsewhere', 'http://users.internal:8080/elsewhere'],
  ])('is removed, and paths outside it are unchanged: %s', (value, expected) => {
    expect(location(value, { url, basePath: '/v1', prefix: '' })).toBe(expected);
  });
});

describe('other parts of a response', () => {
  it('has Content-Location mapped like Location, and nothing else', () => {
    const headers = {
      'content-location': '/orders/5',
      link: '</orders/5>',
      refresh: '0;url=/orders/5',
    };
    expect(mapped({})(headers).headers).toEqual({
      ...headers,
      'content-location': '/api/orders/5',
    });
  });

  it('adds nothing to a response without URLs', () => {
    const response = { statusCode: 200, headers: { a: 'b' }, cookies: [] };
    const place = { route: route('GET /a'), basePath: '/v1', prefix: '/v1' };
    const toPublicUrls = createToPublicUrls(new URL('http://a.example'), 'users', routes);
    expect(toPublicUrls(response, place)).toBe(response);
    expect(response.headers).toEqual({ a: 'b' });
  });
});

describe('a cookie', () => {
  it.each([
    ['a=1', 'a=1'],
    ['a=1; Path=/', 'a=1; Path=/v1'],
    ['a=1;path=/orders/5;Secure', 'a=1; path=/v1/api/orders/5;Secure'],
    ['a=1; Path = /store ; HttpOnly', 'a=1; Path=/v1/shop; HttpOnly'],
    ['a=1; Path=/store/a', 'a=1; Path=/v1/shop/a'],
    ['a=1; Path=/v1/x', 'a=1; Path=/v1/x'],
    ['a=1; Path=x', 'a=1; Path=x'],
    ['a=1; Path', 'a=1; Path'],
    ['a=Path=/; Max-Age=5', 'a=Path=/; Max-Age=5'],
    ['a=1; Domain=users.internal; Secure', 'a=1; Secure'],
    ['a=1; domain=.USERS.internal', 'a=1'],
    ['a=1; Domain=internal', 'a=1; Domain=internal'],
    ['__Host-a=1; Path=/; Secure', '__Host-a=1; Path=/; Secure'],
    ['a=1; Expires=Sat, 21 Nov 2026 12:00:00 GMT', 'a=1; Expires=Sat, 21 Nov 2026 12:00:00 GMT'],
  ])('has the path and domain that browsers see: %s', (value, expected) => {
    expect(cookie(value, { basePath: '/v1' })).toBe(expected);
  });

  it.each([
    ['a=1; Path=/', 'a=1; Path=/'],
    ['a=1; Path=/base', 'a=1; Path=/'],
    ['a=1; Path=/base/orders', 'a=1; Path=/api/orders'],
    ['a=1; Path=/elsewhere', 'a=1; Path=/elsewhere'],
  ])('has its path mapped below the upstream’s URL: %s', (value, expected) => {
    expect(cookie(value, { url: 'http://users.internal/base' })).toBe(expected);
  });
});
