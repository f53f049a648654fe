import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { BuiltInName, Route } from '../../../handler/src/contract.ts';
import { checkVersion } from './check-version.ts';
import type { CheckRequest, VersionResponse } from './invoke-version.ts';
import { planProbes } from '../../stack/build/plan-probes.ts';

const tokens = { holder: 'holder-token', stranger: 'stranger-token', forged: 'forged-token' };
const route = (id: string, access: Route['access'], builtIn?: BuiltInName): Route => ({
  id,
  method: id.split(' ')[0] ?? '',
  path: id.split(' ')[1] ?? '',
  access,
  target: builtIn
    ? { kind: 'built-in', name: builtIn }
    : { kind: 'http', upstream: 'users', rewrite: undefined, timeoutMs: 1000 },
  rateLimits: [],
  maxBodyBytes: 0,
  validate: undefined,
});
const routes = [
  route('GET /health', { kind: 'public' }, 'health'),
  route('GET /openapi.json', { kind: 'public' }, 'openapi'),
  route('GET /status', { kind: 'public' }),
  route('GET /users/{id}', { kind: 'signed-in', alternatives: [{ session: ['user'] }] }),
  route('POST /users', { kind: 'signed-in', alternatives: [{ session: ['user'] }] }),
];

const headers = {
  'strict-transport-security': 'max-age=1',
  'content-security-policy': "default-src 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-request-id': 'r',
};
type Responded = Extract<VersionResponse, { kind: 'response' }>;

const soundResponse = ({ method, path, headers: sent = {} }: CheckRequest): Responded => {
  const refusal = (status: number, code: string): Responded =>
    response(status, `{"code":"${code}"}`);
  if (path === '/health' && method === 'DELETE') return refusal(405, 'METHOD_NOT_ALLOWED');
  if (path.endsWith('nowhere')) return refusal(404, 'ROUTE_NOT_FOUND');
  if (path === '/openapi.json') return response(200, '{"openapi":"3.1.0"}');
  if (!path.startsWith('/users')) return response(200, 'fine');
  const token = sent['authorization']?.slice('Bearer '.length);
  if (token === undefined) return refusal(401, 'CREDENTIALS_MISSING');
  if (token === tokens.forged) return refusal(401, 'CREDENTIALS_INVALID');
  return token === tokens.stranger ? refusal(403, 'ACCESS_DENIED') : response(404, 'no such user');
};
const compressed = (response: Responded): Responded => ({
  ...response,
  headers: { ...response.headers, 'content-encoding': 'gzip' },
  body: gzipSync(response.body).toString('latin1'),
});
const response = (status: number, body: string): Responded => ({
  ...{ kind: 'response', status, headers, cookies: [], body, ms: 10 },
});

const check = (
  changed: (request: CheckRequest, sound: Responded) => VersionResponse,
  { live = soundResponse, allowedHeaders = [] as string[] } = {},
) =>
  checkVersion({
    invoke: async (version, request) =>
      version === 'live' ? live(request) : changed(request, soundResponse(request)),
    probes: planProbes(routes, tokens),
    version: 'new',
    liveVersion: 'live',
    secrets: [tokens.holder, 'k-of-the-signing-key'],
    allowedHeaders,
    healthPath: '/health',
    openapi: { text: '{"openapi":"3.1.0"}', path: '/openapi.json' },
  });

const on =
  (path: string, change: (sound: Responded) => VersionResponse, token?: string) =>
  (request: CheckRequest, sound: Responded): VersionResponse =>
    request.path === path &&
    (token === undefined || request.headers?.['authorization'] === `Bearer ${token}`)
      ? change(sound)
      : sound;

describe('checkVersion', () => {
  it('finds nothing wrong with a sound build, and times its reads', async () => {
    const { failures, latency } = await check((_, sound) => sound);
    expect(failures).toEqual([]);
    expect(Object.keys(latency)).toEqual([
      'GET /health',
      'GET /openapi.json',
      'GET /status',
      'GET /users/{id}',
    ]);
  });

  const crash = (): VersionResponse => ({ kind: 'crash', message: 'boom' });
  const withHeader =
    (name: string, value = 'x') =>
    (sound: Responded): Responded => ({
      ...sound,
      headers: { ...sound.headers, [name]: value },
    });

  it.each<[string, (request: CheckRequest, sound: Responded) => VersionResponse, string]>([
    ['does not start', crash, 'GET /health: the version does not start: boom'],
    [
      'crashes on one route',
      on('/users', crash),
      'POST /users without a token: the function crashed: boom',
    ],
    [
      'crashes for those who may',
      on('/users/release-check', crash, tokens.holder),
      'GET /users/{id}: the function crashed: boom',
    ],
    [
      'fails where the other does not',
      on('/status', (sound) => ({ ...sound, status: 502 })),
      'GET /status: responds 502, where the serving version responds 200',
    ],
    [
      'is slower on one route',
      on('/status', (sound) => ({ ...sound, ms: 111 })),
      'GET /status: slower by 101 ms (111 ms; the serving version 10 ms)',
    ],
    [
      'lets a forged token in',
      on('/users', (sound) => ({ ...sound, status: 200 }), tokens.forged),
      'POST /users with a forged token: responds 200, not 401',
    ],
    [
      'lets any role in',
      on('/users', (sound) => ({ ...sound, status: 200 }), tokens.stranger),
      'POST /users without the role: responds 200, not 403',
    ],
    [
      'refuses for another reason',
      on('/users', (sound) => ({ ...sound, body: '{"code":"INTERNAL_ERROR"}' })),
      'POST /users without a token: responds 401 without the code CREDENTIALS_MISSING',
    ],
    [
      'leaks an internal header',
      on('/status', withHeader('x-user-id')),
      'GET /status: leaks the internal header x-user-id',
    ],
    [
      'identifies its server',
      on('/status', withHeader('server')),
      'GET /status: leaks the internal header server',
    ],
    [
      'sends an unknown header',
      on('/status', withHeader('x-debug')),
      'GET /status: sends the new header x-debug',
    ],
    [
      'leaks a key',
      on('/status', withHeader('etag', 'k-of-the-signing-key')),
      'GET /status: leaks a token or a key',
    ],
    [
      'hands a token to the service, which echoes it',
      on('/users/release-check', (sound) => ({ ...sound, body: tokens.holder }), tokens.holder),
      'GET /users/{id}: leaks a token or a key',
    ],
    [
      'sets the token as a cookie',
      on('/status', (sound) => ({ ...sound, cookies: [`a=${tokens.holder}`] })),
      'GET /status: leaks a token or a key',
    ],
    [
      'drops a security header',
      on('/status', ({ headers: { 'x-frame-options': _, ...rest }, ...sound }) => ({
        ...sound,
        headers: rest,
      })),
      'GET /status: does not send the security header x-frame-options',
    ],
    [
      'serves another contract',
      on('/openapi.json', (sound) => ({ ...sound, body: '{}' })),
      'GET /openapi.json: is not the contract that was built',
    ],
    [
      'serves another contract, compressed',
      on('/openapi.json', (sound) => compressed({ ...sound, body: '{}' })),
      'GET /openapi.json: is not the contract that was built',
    ],
  ])('stops a build that %s', async (_, changed, failure) => {
    expect((await check(changed)).failures).toContainEqual(expect.stringContaining(failure));
  });

  it('admits a build that serves its contract compressed', async () => {
    const allowedHeaders = ['content-encoding'];
    const { failures } = await check(on('/openapi.json', compressed), { allowedHeaders });
    expect(failures).toEqual([]);
  });

  it('does not hold against a build what is so for the serving version, too', async () => {
    const live = (request: CheckRequest): Responded =>
      request.path === '/status' ? { ...response(502, ''), ms: 900 } : soundResponse(request);
    const down = on('/status', (sound) => ({ ...sound, status: 503, ms: 950 }));
    expect((await check(down, { live })).failures).toEqual([]);
  });

  it('takes a new header that is meant', async () => {
    const changed = on('/status', withHeader('x-debug'));
    expect((await check(changed, { allowedHeaders: ['x-debug'] })).failures).toEqual([]);
  });

  it('sends no session token to a route that needs another sign-in method', () => {
    const alternatives = [{ session: [], apiKey: [] }, { apiKey: [] }];
    const probed = planProbes([route('GET /keys', { kind: 'signed-in', alternatives })], tokens);
    expect(probed.filter(({ path }) => path === '/keys')).toEqual([
      expect.objectContaining({
        name: 'GET /keys without a token',
        headers: { accept: 'application/json' },
      }),
    ]);
  });

  it('requests the gateway’s own routes where they are, and signs in for those that need it', () => {
    const access: Route['access'] = { kind: 'signed-in', alternatives: [{ session: [] }] };
    const probed = planProbes(
      [route('GET /_health', { kind: 'public' }, 'health'), route('GET /docs', access, 'docs')],
      tokens,
    );
    const said = probed.map(({ name, method, path, expected }) => [
      `${name}: ${method} ${path}`,
      expected?.status,
    ]);
    expect(Object.fromEntries(said)).toEqual({
      'an unknown path: GET /check/nowhere': 404,
      'a wrong method: DELETE /_health': 405,
      'GET /_health: GET /_health': 200,
      'GET /docs without a token: GET /docs': 401,
      'GET /docs with a forged token: GET /docs': 401,
      'GET /docs: GET /docs': 200,
    });
  });

  it('never sends a writing request as an authorized user', () => {
    const writing = planProbes(routes, tokens).filter(
      ({ method, headers: sent }) =>
        method === 'POST' && sent?.['authorization'] === `Bearer ${tokens.holder}`,
    );
    expect(writing).toEqual([]);
  });
});
