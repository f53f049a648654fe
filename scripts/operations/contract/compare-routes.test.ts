import { describe, expect, it } from '@jest/globals';
import { compileFiles } from '../../../handler/compiler/testing/compile-files.ts';
import { readChangelog } from './compare-openapi.ts';
import { compareRoutes } from './compare-routes.ts';
import { describeChanges } from './compare-contracts.ts';

const contract = `
openapi: 3.1.0
info: { title: Shop, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {} }, accounts: { http: {} } }
  rateLimits:
    visitor: { per: [ip], limit: 60, window: 1m }
    member: { per: [route], limit: 10, window: 1s }
  defaults: { rateLimits: [visitor], upstream: users, maxBodySize: 2KiB }
paths:
  /users/{id}:
    parameters: [{ name: id, in: path, required: true, schema: {} }]
    get: { security: [{ session: [user] }], responses: { '200': { description: OK } } }
components:
  securitySchemes: { session: { type: http, scheme: bearer, x-postern: { session: {} } } }
`;

const routesOf = (text: string) => {
  const compilation = compileFiles({ 'gateway.yaml': text });
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  return compilation.routes;
};

describe('a change of the contract', () => {
  it.each<[what: string, from: string, to: string, level: string, text: string]>([
    ['fewer callers', '[user]', '[user, admin]', 'breaking', 'callers: user → user and admin'],
    ['other callers', '[user]', '[admin]', 'breaking', 'callers: user → admin'],
    ['more callers', '[user]', '[]', 'warning', 'callers: user → any session'],
    ['a smaller body', '2KiB', '1KiB', 'breaking', 'largest body: 2048 bytes → 1024 bytes'],
    ['a larger body', '2KiB', '3KiB', 'note', 'largest body: 2048 bytes → 3072 bytes'],
    [
      'a cache',
      'upstream: users',
      'upstream: users, cache: { ttl: 1m }',
      'note',
      'cache: none → 60 s',
    ],
    [
      'a second upstream',
      'upstream: users',
      'upstream: [{ name: users, weight: 2 }, { name: accounts, weight: 1 }]',
      'warning',
      'target: users → users 66.67 %, accounts 33.33 %',
    ],
    [
      'a lower rate',
      'limit: 60, window: 1m',
      'limit: 60, window: 1h',
      'breaking',
      'rate limit visitor: 60/1m per ip, burst 60 → 60/1h per ip, burst 60',
    ],
    [
      'the same rate with a larger burst',
      'limit: 60, window: 1m',
      'limit: 60, window: 1m, burst: 90',
      'note',
      'rate limit visitor: 60/1m per ip, burst 60 → 60/1m per ip, burst 90',
    ],
    [
      'a rate that more requests share',
      'per: [ip], limit: 60',
      'per: [route], limit: 60',
      'breaking',
      'rate limit visitor: 60/1m per ip, burst 60 → 60/1m per route, burst 60',
    ],
    [
      'one more rate limit',
      'rateLimits: [visitor]',
      'rateLimits: [visitor, member]',
      'breaking',
      'rate limit member: none → 10/1s per route, burst 10',
    ],
    [
      'a rate limit that only counts',
      'window: 1m }',
      'window: 1m, mode: shadow }',
      'note',
      'rate limit visitor: 60/1m per ip, burst 60 → 60/1m per ip, burst 60, in shadow',
    ],
    [
      'no rate limit',
      'rateLimits: [visitor]',
      'rateLimits: []',
      'note',
      'rate limit visitor: 60/1m per ip, burst 60 → none',
    ],
    [
      'a higher rate',
      'limit: 60, window: 1m',
      'limit: 90, window: 1m',
      'note',
      'rate limit visitor: 60/1m per ip, burst 60 → 90/1m per ip, burst 90',
    ],
    [
      'the same rate with a smaller burst',
      'limit: 60, window: 1m',
      'limit: 60, window: 1m, burst: 30',
      'breaking',
      'rate limit visitor: 60/1m per ip, burst 60 → 60/1m per ip, burst 30',
    ],
    [
      'a rate that fewer requests share',
      'per: [ip], limit: 60',
      'per: [ip, route], limit: 60',
      'note',
      'rate limit visitor: 60/1m per ip, burst 60 → 60/1m per ip and route, burst 60',
    ],
    [
      'more time',
      'upstream: users,',
      'upstream: users, timeout: 20s,',
      'note',
      'timeout: 10000 ms → 20000 ms',
    ],
    [
      'another target',
      'upstream: users',
      'upstream: accounts',
      'warning',
      'target: users → accounts',
    ],
    [
      'less time',
      'upstream: users,',
      'upstream: users, timeout: 2s,',
      'warning',
      'timeout: 10000 ms → 2000 ms',
    ],
  ])('has a level: %s', (_, from, to, level, text) => {
    expect(compareRoutes(routesOf(contract), routesOf(contract.replace(from, to)))).toEqual([
      { level, route: 'GET /users/{id}', text },
    ]);
  });

  it('names the schemes of callers whose scopes have one name', () => {
    const withKeys = contract
      .replace('[{ session: [user] }]', '[{ partner: [read] }]')
      .replace(
        'securitySchemes: {',
        'securitySchemes: { partner: { type: apiKey, in: header, name: X-Api-Key, x-postern: { apiKey: {} } },',
      );
    const withPasswords = withKeys.replace(
      '{ type: apiKey, in: header, name: X-Api-Key, x-postern: { apiKey: {} } }',
      '{ type: http, scheme: basic, x-postern: { basic: {} } }',
    );
    expect(compareRoutes(routesOf(withKeys), routesOf(withPasswords))).toMatchObject([
      { level: 'breaking', text: 'callers: read (partner) → read (basic)' },
    ]);
  });

  it('is breaking where a limit that only counted refuses', () => {
    const counting = contract.replace('window: 1m }', 'window: 1m, mode: shadow }');
    expect(compareRoutes(routesOf(counting), routesOf(contract))).toMatchObject([
      { level: 'breaking', route: 'GET /users/{id}' },
    ]);
  });

  it('of weights alone is a note, and of what makes them sticky a warning', () => {
    const list = (weight: number, sticky: string): string =>
      contract.replace(
        'upstream: users',
        `sticky: ${sticky}, upstream: [{ name: users, weight: 90 }, { name: accounts, weight: ${weight} }]`,
      );
    const before = routesOf(list(10, 'caller'));
    expect(compareRoutes(before, routesOf(list(30, 'caller')))).toMatchObject([
      {
        level: 'note',
        text: 'target: users 90 %, accounts 10 %, by caller → users 75 %, accounts 25 %, by caller',
      },
    ]);
    expect(compareRoutes(before, routesOf(list(10, 'cookie')))).toMatchObject([
      { level: 'warning' },
    ]);
  });

  it('is none where only the name of a parameter or the line changes', () => {
    const after = contract.replaceAll('{id}', '{user}').replace('name: id', 'name: user');
    expect(compareRoutes(routesOf(contract), routesOf(`\n${after}`))).toEqual([]);
  });
});

describe('what oasdiff reports', () => {
  const removed = { id: 'a', text: 'removed the property', level: 3, path: '/a' };
  const entries = [
    { ...removed, operation: 'GET' },
    { ...removed, operation: 'HEAD' },
    { id: 'api-security-scope-added', text: 'a scope', level: 3, operation: 'GET', path: '/a' },
    { id: 'b', text: 'added a tag', level: 1, section: 'info' },
  ];
  const changesOf = (callers: boolean) => readChangelog(JSON.stringify(entries), { callers });

  it('is read with its level and operation, and HEAD is not repeated', () => {
    expect(changesOf(false)).toEqual([
      { level: 'breaking', route: 'GET /a', text: 'removed the property' },
      { level: 'breaking', route: 'GET /a', text: 'a scope' },
      { level: 'note', route: '', text: 'added a tag' },
    ]);
  });

  it('says nothing of callers if the routes say it', () => {
    expect(describeChanges(changesOf(true))).toBe(
      'breaking  GET /a  removed the property\nnote      added a tag\n1 breaking, 1 other',
    );
  });

  it.each(['', 'null', '[]'])('is nothing if nothing has changed: %j', (text) => {
    expect(readChangelog(text, { callers: true })).toEqual([]);
  });
});
