import { describe, expect, it, jest } from '@jest/globals';
import { createError } from '@middy/util';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { GatewayError } from 'postern/plugin';
import { httpApiEvent, lambdaContext } from '../../../testing/events.ts';
import { gatewayWith, route, send, signedIn, tokenOfAlice } from '../../../testing/gateway-with.ts';
import type { Route } from '../../contract.ts';
import type { ForwardInput } from '../../parts.ts';
import type { PluginHooks, PluginRequest } from './define-plugin.ts';
import { failureLimit } from '../failure-limit/failure-limit.ts';
import { loadPlugin, type Plugin, type PluginPlace } from './load-plugin.ts';
import { pluginsBeforeAuth, pluginsBeforeUpstream, pluginsOnResponse } from './plugins.ts';

type Given = readonly [at: PluginPlace, hooks: PluginHooks, name?: string];

interface Options extends Partial<Parameters<typeof gatewayWith>[0]> {
  readonly plugins: readonly Given[];
  readonly route?: Partial<Route>;
}

/** A gateway with one route that has these plugins. */
const withPlugins = ({ plugins, route: changes, ...options }: Options) => {
  const sent: ForwardInput[] = [];
  const loaded = plugins.map(([at, exported, name = 'tenant']) =>
    loadPlugin({ name, at }, exported, undefined),
  );
  const places = ['on-response', 'before-auth', 'before-upstream'] as const;
  const byPlace = Object.fromEntries(
    places.map((at) => [at, loaded.filter((each) => each.at === at)]),
  ) as Record<PluginPlace, Plugin[]>;
  const it = gatewayWith({
    routes: [
      route('GET /', { plugins: byPlace, ...changes }),
      route('POST /', { plugins: byPlace, ...changes }),
    ],
    ...options,
    features: { pluginsOnResponse, pluginsBeforeAuth, pluginsBeforeUpstream, ...options.features },
    respond: async (input) => {
      sent.push(input);
      return (
        options.respond?.(input) ?? {
          statusCode: 200,
          headers: { 'content-type': 'text/plain', 'x-upstream': 'yes' },
          body: Buffer.from('from upstream'),
        }
      );
    },
  });
  return { ...it, sent };
};

/** Writes down which hook runs. */
const recorder = (calls: string[], name: string): PluginHooks => ({
  before: () => void calls.push(`${name}.before`),
  after: () => void calls.push(`${name}.after`),
  onError: () => void calls.push(`${name}.onError`),
});

const throws = (error: unknown) => () => {
  throw error;
};

describe('the hooks of plugins', () => {
  it('run from the outside to the inside and back', async () => {
    const calls: string[] = [];
    const it = withPlugins({
      plugins: [
        ['before-upstream', recorder(calls, 'upstream 1')],
        ['on-response', recorder(calls, 'response')],
        ['before-auth', recorder(calls, 'auth')],
        ['before-upstream', recorder(calls, 'upstream 2')],
      ],
    });
    await send(it, 'GET', '/');
    expect(calls).toEqual([
      'response.before',
      'auth.before',
      'upstream 1.before',
      'upstream 2.before',
      'upstream 2.after',
      'upstream 1.after',
      'auth.after',
      'response.after',
    ]);
  });

  it('run only for an error behind the plugin: a request without credentials does not reach before-upstream', async () => {
    const calls: string[] = [];
    const it = withPlugins({
      plugins: [
        ['before-upstream', recorder(calls, 'upstream')],
        ['before-auth', recorder(calls, 'auth')],
        ['on-response', recorder(calls, 'response')],
      ],
      route: signedIn('user'),
    });
    expect(await send(it, 'GET', '/')).toMatchObject({ statusCode: 401 });
    expect(calls).toEqual(['response.before', 'auth.before', 'auth.onError', 'response.onError']);
  });

  it('do not run for a route without plugins', async () => {
    const it = withPlugins({ plugins: [], route: { plugins: undefined } as never });
    expect(await send(it, 'GET', '/')).toMatchObject({ statusCode: 200, body: 'from upstream' });
  });

  it('know route, caller, request id and deadline', async () => {
    const seen: unknown[] = [];
    const note: PluginHooks = {
      before: ({ context: { postern } }) => {
        const { route: id, params, requestId, caller } = postern;
        seen.push({ route: id, params, requestId, caller });
      },
    };
    const it = withPlugins({
      plugins: [
        ['before-auth', note],
        ['before-upstream', note],
      ],
      route: signedIn('user'),
    });
    const headers = { authorization: `Bearer ${await tokenOfAlice()}` };
    await send(it, 'GET', '/', { headers });
    const known = { route: 'GET /', params: {}, requestId: 'request-1' };
    expect(seen).toEqual([
      { ...known, caller: undefined },
      { ...known, caller: { userId: 'alice', roles: ['user'] } },
    ]);
  });

  it('write lines with the request id and the plugin’s name, and metrics by route', async () => {
    const it = withPlugins({
      plugins: [
        [
          'before-auth',
          {
            before: ({ context: { postern } }) => {
              postern.logger.warn('a tenant is missing', { tenant: 'acme', correlation_id: 'x' });
              postern.metrics.add('Tenants', 2);
            },
          },
          'tenant-header',
        ],
      ],
    });
    await send(it, 'GET', '/');
    expect(it.lines[0]).toEqual({
      level: 'warn',
      message: 'a tenant is missing',
      tenant: 'acme',
      correlation_id: 'request-1',
      plugin: 'tenant-header',
    });
    expect(it.counted).toContainEqual([{ name: 'Tenants', unit: 'Count' }, 2, { route: 'GET /' }]);
  });

  it('share internal and context, as Middy’s middlewares do', async () => {
    const seen: unknown[] = [];
    const it = withPlugins({
      plugins: [
        ['on-response', { before: ({ internal }) => void (internal['key'] = 7) }],
        ['before-upstream', { before: ({ internal }) => void seen.push(internal['key']) }],
        ['on-response', { after: ({ internal }) => void seen.push(internal['key']) }],
      ],
    });
    await send(it, 'GET', '/');
    expect(seen).toEqual([7, 7]);
  });
});

describe('what a plugin changes in the event', () => {
  const changing = (
    change: (event: PluginRequest['event']) => void,
    at: PluginPlace = 'before-upstream',
  ) => withPlugins({ plugins: [[at, { before: ({ event }) => change(event) }]] });

  const sentBy = async (
    it: ReturnType<typeof withPlugins>,
    parts: Parameters<typeof send>[3] = {},
    method = 'GET',
  ) => {
    const { statusCode } = await send(it, method, '/', parts);
    expect(statusCode).toBe(200);
    return it.sent[0]?.request;
  };

  it.each(['before-auth', 'before-upstream', 'on-response'] as const)(
    'at %s is sent to the upstream: headers, cookies, query and body',
    async (at) => {
      const it = changing((event) => {
        event.headers['X-Tenant'] = 'acme';
        delete event.headers['x-secret'];
        event.cookies = ['a=1'];
        event.rawQueryString = 'page=2';
        event.body = '{"a":1}';
      }, at);
      const parts = {
        headers: { 'x-tenant': 'globex', 'x-secret': '1' },
        query: 'page=1',
        body: '{}',
      };
      expect(await sentBy(it, parts, 'POST')).toMatchObject({
        headers: expect.not.objectContaining({ 'x-secret': '1' }),
        cookies: ['a=1'],
        query: 'page=2',
        body: Buffer.from('{"a":1}'),
      });
      expect(it.sent[0]?.request.headers['x-tenant']).toBe('acme');
    },
  );

  it('is what is validated', async () => {
    const validate: Route['validate'] = ({ query, body }) =>
      query === 'page=2' && body?.toString() === '{"a":1}'
        ? []
        : [{ pointer: '', detail: 'not changed yet' }];
    const it = withPlugins({
      plugins: [
        [
          'before-upstream',
          {
            before: ({ event }) => {
              event.rawQueryString = 'page=2';
              event.body = '{"a":1}';
            },
          },
        ],
      ],
      route: { validate },
    });
    expect(await send(it, 'POST', '/', { body: '{}' })).toMatchObject({ statusCode: 200 });
  });

  it('has no way around the size limit', async () => {
    const it = withPlugins({
      plugins: [
        ['before-upstream', { before: ({ event }) => void (event.body = 'x'.repeat(2_000)) }],
      ],
    });
    expect(await send(it, 'POST', '/', { body: '{}' })).toMatchObject({ statusCode: 413 });
  });

  it('cannot be removed by the client through Connection', async () => {
    const it = changing((event) => void (event.headers['x-tenant'] = 'acme'));
    const request = await sentBy(it, { headers: { connection: 'x-tenant' } });
    expect(request?.headers['x-tenant']).toBe('acme');
  });

  it.each<[string, (parameters: Record<string, string | undefined>) => void, string]>([
    [
      'a changed parameter',
      (given) => void (given['page size'] = '10 %'),
      'a=%7E1&b=2&a=3&page%20size=10%20%25',
    ],
    ['a new parameter', (given) => void (given['c'] = '1'), 'a=%7E1&b=2&a=3&page+size=5&c=1'],
    [
      'a removed parameter, with all its values',
      (given) => void delete given['a'],
      'b=2&page+size=5',
    ],
  ])(
    'in queryStringParameters is %s of the raw query, whose rest stays as it is',
    async (_, change, due) => {
      const it = changing((event) => change((event.queryStringParameters ??= {})));
      const query = 'a=%7E1&b=2&a=3&page+size=5';
      const parsed = { a: '~1,3', b: '2', 'page size': '5' };
      await it.gateway(
        { ...httpApiEvent('GET', '/', { query }), queryStringParameters: parsed },
        lambdaContext(),
      );
      expect(it.sent[0]?.request.query).toBe(due);
    },
  );

  it('as a parsed body, by Middy’s own JSON parser, is sent as JSON', async () => {
    const { default: jsonBodyParser } = await import('@middy/http-json-body-parser');
    const it = withPlugins({
      plugins: [
        ['before-upstream', jsonBodyParser()],
        [
          'before-upstream',
          { before: ({ event }) => void ((event.body as unknown as { b: number }).b = 2) },
        ],
      ],
    });
    const headers = { 'content-type': 'application/json' };
    const body = Buffer.from('{"a":1}');
    expect((await sentBy(it, { headers, body }, 'POST'))?.body?.toString()).toBe('{"a":1,"b":2}');
  });

  it('leaves a body that was not changed as it is, byte by byte', async () => {
    const body = Buffer.from([0xff, 0xfe, 0]);
    const it = changing(() => undefined);
    expect((await sentBy(it, { body }, 'POST'))?.body).toEqual(body);
  });

  it.each<[string, (event: PluginRequest['event']) => void]>([
    ['the path', (event) => void (event.rawPath = '/v1/admin')],
    ['the method', (event) => void (event.requestContext.http.method = 'DELETE')],
  ])('cannot be %s, by which the route was chosen', async (_, change) => {
    const it = changing(change);
    expect(await send(it, 'GET', '/')).toMatchObject({ problem: { code: 'PLUGIN_FAILED' } });
    expect(it.sent).toEqual([]);
  });

  it('cannot be the address that limits count', async () => {
    const it = changing((event) => void (event.requestContext.http.sourceIp = '192.0.2.1'));
    expect(await sentBy(it)).toMatchObject({ clientIp: '198.51.100.7' });
  });
});

describe('a plugin that refuses', () => {
  it('by an HTTP error of Middy gives its status, message and headers, and the log names it', async () => {
    const error = createError(404, 'There is no such tenant.', { cause: { package: 'tenant' } });
    const headers = { 'X-Tenant': 'none', 'Content-Type': 'text/html' };
    const it = withPlugins({
      plugins: [['before-auth', { before: throws(Object.assign(error, { headers })) }]],
    });
    const response = await send(it, 'GET', '/');
    expect(response).toMatchObject({
      statusCode: 404,
      headers: { 'content-type': 'application/problem+json', 'x-tenant': 'none' },
    });
    expect(response.problem).toEqual({
      type: 'https://docs.example.com/errors#PLUGIN_ERROR',
      title: 'Not Found',
      status: 404,
      detail: 'There is no such tenant.',
      code: 'PLUGIN_ERROR',
      request_id: 'request-1',
    });
    expect(it.lines).toMatchObject([
      { status_code: 404, error_code: 'PLUGIN_ERROR', error: { note: 'plugin: tenant' } },
    ]);
  });

  it.each([
    ['with status 503 that does not say', 503, undefined],
    ['with status 403 that must not be exposed', 403, false],
  ])('%s keeps its status and hides its message and headers', async (_, statusCode, expose) => {
    const error = Object.assign(new Error('password hunter2'), {
      statusCode,
      headers: { 'x-secret': 'hunter2' },
      ...(expose !== undefined && { expose }),
    });
    const it = withPlugins({ plugins: [['before-upstream', { before: throws(error) }]] });
    const response = await send(it, 'GET', '/');
    expect(response).toMatchObject({ statusCode, problem: { code: 'PLUGIN_ERROR' } });
    expect(JSON.stringify([response, it.lines])).not.toContain('hunter2');
  });

  it('with status 500 and expose shows its message', async () => {
    const error = Object.assign(new Error('The index is being built.'), {
      statusCode: 500,
      expose: true,
    });
    const it = withPlugins({ plugins: [['before-upstream', { before: throws(error) }]] });
    const { problem } = await send(it, 'GET', '/');
    expect(problem).toMatchObject({ status: 500, detail: 'The index is being built.' });
  });

  it('by a GatewayError gives its code, and the log has the plugin’s name and its note', async () => {
    const refused = new GatewayError('ACCESS_DENIED', {
      detail: 'Your plan has no exports.',
      headers: { 'x-plan': 'free' },
      note: 'plan without exports',
    });
    const it = withPlugins({ plugins: [['before-upstream', { before: throws(refused) }]] });
    expect(await send(it, 'GET', '/')).toMatchObject({
      statusCode: 403,
      headers: { 'x-plan': 'free' },
      problem: { code: 'ACCESS_DENIED', detail: 'Your plan has no exports.' },
    });
    expect(it.lines).toMatchObject([{ error: { note: 'plugin: tenant: plan without exports' } }]);
  });

  it('counts for the failure limit of the address', async () => {
    const rule = {
      name: 'failure_limit',
      per: ['ip'],
      limit: 20,
      windowSeconds: 60,
      burst: 20,
      onStoreFailure: 'allow',
      mode: 'enforce',
    } as const;
    const it = withPlugins({
      plugins: [
        ['before-auth', { before: throws(new GatewayError('ACCESS_DENIED', { detail: '' })) }],
      ],
      features: { failureLimit: failureLimit(rule) },
      buckets: {
        take: async () =>
          ({ allowed: false, remaining: 0, resetSeconds: 1, retryAfterSeconds: 1 }) as never,
      },
    });
    expect(await send(it, 'GET', '/')).toMatchObject({ statusCode: 403 });
    expect(await send(it, 'GET', '/')).toMatchObject({ statusCode: 429 });
  });
});

describe('a plugin that fails', () => {
  it.each([
    ['no status', new Error('hunter2')],
    ['a status that is no error', Object.assign(new Error('hunter2'), { statusCode: 204 })],
    ['a status that is no number', Object.assign(new Error('hunter2'), { statusCode: '404' })],
    ['no error', 'hunter2'],
  ])('with %s responds 500 PLUGIN_FAILED without its message', async (_, error) => {
    const it = withPlugins({ plugins: [['before-upstream', { before: throws(error) }]] });
    const response = await send(it, 'GET', '/');
    expect(response).toMatchObject({
      statusCode: 500,
      headers: { 'x-frame-options': 'DENY', 'x-request-id': 'request-1' },
      problem: { code: 'PLUGIN_FAILED' },
    });
    expect(it.lines).toMatchObject([
      { message: 'request', status_code: 500, error: { note: 'plugin: tenant' } },
    ]);
    expect(JSON.stringify([response, it.lines])).not.toContain('hunter2');
  });

  it.each(['before', 'after', 'onError'] as const)(
    'in %s at any place: the response is 500, logged, with security headers',
    async (hook) => {
      for (const at of ['before-auth', 'before-upstream', 'on-response'] as const) {
        const it = withPlugins({
          plugins: [[at, { [hook]: throws(new Error('broken')) }]],
          respond: async () => {
            if (hook === 'onError') throw new GatewayError('UPSTREAM_TIMEOUT', { detail: '' });
            return { statusCode: 200, headers: {} };
          },
        });
        expect(await send(it, 'GET', '/')).toMatchObject({
          statusCode: 500,
          headers: { 'x-frame-options': 'DENY', 'content-type': 'application/problem+json' },
          problem: { code: 'PLUGIN_FAILED' },
        });
        expect(it.lines).toMatchObject([{ error_code: 'PLUGIN_FAILED' }]);
      }
    },
  );

  it('while it is created fails each request of its routes, not the start', async () => {
    const plugin = loadPlugin(
      { name: 'tenant', at: 'before-auth' },
      throws(new Error('no key')),
      {},
    );
    const it = withPlugins({ plugins: [['before-auth', plugin.hooks]] });
    expect(await send(it, 'GET', '/')).toMatchObject({ problem: { code: 'PLUGIN_FAILED' } });
  });

  it('by returning no middleware fails each request of its routes', async () => {
    const { hooks } = loadPlugin({ name: 'tenant', at: 'before-auth' }, () => ({}), {});
    const it = withPlugins({ plugins: [['before-auth', hooks]] });
    expect(await send(it, 'GET', '/')).toMatchObject({ problem: { code: 'PLUGIN_FAILED' } });
  });

  it('is seen by the plugins outside of it, which see its problem details on the way out', async () => {
    const seen: unknown[] = [];
    const it = withPlugins({
      plugins: [
        [
          'on-response',
          {
            onError: ({ response, error }) =>
              void seen.push(response?.statusCode, (error as GatewayError).code),
          },
        ],
        ['on-response', { after: throws(new Error('broken')) }],
      ],
    });
    await send(it, 'GET', '/');
    expect(seen).toEqual([500, 'PLUGIN_FAILED']);
  });

  it.each(['before', 'after'] as const)(
    'to finish %s is ended at the deadline, and the log names it',
    async (hook) => {
      jest.useFakeTimers();
      try {
        const it = withPlugins({
          plugins: [['before-upstream', { [hook]: () => new Promise(() => undefined) }, 'slow']],
          now: () => Date.now(),
        });
        const responded = send(it, 'GET', '/');
        await jest.advanceTimersByTimeAsync(28_880);
        expect(await responded).toMatchObject({
          statusCode: 503,
          headers: { 'retry-after': '1', 'x-frame-options': 'DENY' },
          problem: { code: 'DEADLINE_EXCEEDED' },
        });
        expect(it.lines).toMatchObject([
          { error_code: 'DEADLINE_EXCEEDED', error: { note: 'plugin: slow' } },
        ]);
      } finally {
        jest.useRealTimers();
      }
    },
  );
});

describe('a plugin that responds early', () => {
  const early = (
    result: unknown = { statusCode: 202, headers: { 'X-Early': '1' }, body: 'early' },
  ): PluginHooks => ({
    before: () => result as APIGatewayProxyStructuredResultV2,
    after: throws(new Error('must not run')),
  });

  it.each(['before-auth', 'before-upstream', 'on-response'] as const)(
    'at %s: nothing behind it runs, and the response has its log line, metrics and security headers',
    async (at) => {
      const it = withPlugins({ plugins: [[at, early()]] });
      expect(await send(it, 'GET', '/')).toMatchObject({
        statusCode: 202,
        body: 'early',
        headers: { 'x-early': '1', 'x-frame-options': 'DENY', 'x-request-id': 'request-1' },
      });
      expect(it.sent).toEqual([]);
      expect(it.lines).toEqual([expect.objectContaining({ message: 'request', status_code: 202 })]);
      expect(it.lines[0]).toMatchObject({ error_code: undefined });
      expect(it.counted).toContainEqual(['requests', 1, { route: 'GET /' }]);
    },
  );

  it('by earlyResponse, as Middy’s middlewares do', async () => {
    const it = withPlugins({
      plugins: [
        [
          'before-auth',
          { before: (request) => void (request.earlyResponse = { statusCode: 204 }) },
        ],
      ],
    });
    expect(await send(it, 'GET', '/')).toMatchObject({ statusCode: 204 });
  });

  it('passes the after of the plugins outside of it', async () => {
    const calls: string[] = [];
    const it = withPlugins({
      plugins: [
        ['on-response', recorder(calls, 'response')],
        ['before-auth', recorder(calls, 'outside')],
        ['before-auth', early()],
        ['before-auth', recorder(calls, 'inside')],
        ['before-upstream', recorder(calls, 'upstream')],
      ],
    });
    await send(it, 'GET', '/');
    expect(calls).toEqual(['response.before', 'outside.before', 'outside.after', 'response.after']);
  });

  it.each<[string, unknown, object]>([
    [
      'text',
      'hello',
      { statusCode: 200, body: 'hello', headers: { 'content-type': 'application/json' } },
    ],
    ['an object without a status', { a: 1 }, { statusCode: 200, body: '{"a":1}' }],
    [
      'an object as body',
      { statusCode: 201, body: { a: 1 } },
      { statusCode: 201, body: '{"a":1}' },
    ],
    [
      'base64',
      { statusCode: 200, body: '//4A', isBase64Encoded: true },
      { body: '//4A', isBase64Encoded: true },
    ],
    [
      'cookies',
      { statusCode: 200, cookies: ['a=1'], headers: { 'Set-Cookie': 'b=2' } },
      { cookies: ['a=1', 'b=2'] },
    ],
    [
      'header values that are no text',
      { statusCode: 200, headers: { a: 1, b: true, c: undefined } },
      { headers: { a: '1', b: 'true' } },
    ],
  ])('with %s is understood as by API Gateway', async (_, result, due) => {
    expect(
      await send(withPlugins({ plugins: [['before-auth', early(result)]] }), 'GET', '/'),
    ).toMatchObject(due);
  });

  it.each<[string, unknown]>([
    ['a status that is none', { statusCode: 99 }],
    ['a stream', { statusCode: 200, body: { pipe: () => undefined } }],
    ['more than Lambda can return', { statusCode: 200, body: 'x'.repeat(6_400_000) }],
    ['headers that are too large', { statusCode: 200, headers: { a: 'x'.repeat(10_000) } }],
  ])('with %s fails: 500 PLUGIN_FAILED', async (_, result) => {
    const it = withPlugins({ plugins: [['before-auth', early(result)]] });
    expect(await send(it, 'GET', '/')).toMatchObject({ problem: { code: 'PLUGIN_FAILED' } });
  });
});

describe('what a plugin changes in the response', () => {
  it.each(['before-auth', 'before-upstream', 'on-response'] as const)(
    'at %s is what the client gets',
    async (at) => {
      const it = withPlugins({
        plugins: [
          [
            at,
            {
              after: ({ response }) => {
                response.headers = { ...response.headers, 'X-Added': '1' };
                response.body = response.body?.replace('from', 'FROM') ?? '';
              },
            },
          ],
        ],
      });
      expect(await send(it, 'GET', '/')).toMatchObject({
        statusCode: 200,
        body: 'FROM upstream',
        headers: { 'x-added': '1', 'x-upstream': 'yes' },
      });
    },
  );

  it('may be all of it: an after returns another response', async () => {
    const it = withPlugins({
      plugins: [['before-upstream', { after: () => ({ statusCode: 418, body: 'tea' }) }]],
    });
    expect(await send(it, 'GET', '/')).toMatchObject({ statusCode: 418, body: 'tea' });
  });

  it('leaves binary bodies as they are', async () => {
    const body = Buffer.from([0xff, 0xd8, 0]);
    const it = withPlugins({
      plugins: [['on-response', { after: () => undefined }]],
      respond: async () => ({ statusCode: 200, headers: { 'content-type': 'image/jpeg' }, body }),
    });
    expect(await send(it, 'GET', '/')).toMatchObject({
      body: body.toString('base64'),
      isBase64Encoded: true,
    });
  });

  it('includes the gateway’s own errors at on-response: problem details to change', async () => {
    const it = withPlugins({
      plugins: [
        [
          'on-response',
          {
            onError: ({ response, error }) => {
              if (response?.headers) response.headers['x-code'] = (error as GatewayError).code;
            },
          },
        ],
      ],
      route: signedIn('user'),
    });
    expect(await send(it, 'GET', '/')).toMatchObject({
      statusCode: 401,
      headers: { 'x-code': 'CREDENTIALS_MISSING' },
      problem: { code: 'CREDENTIALS_MISSING' },
    });
  });

  it('may replace an error by a response, and the log keeps the error', async () => {
    const it = withPlugins({
      plugins: [
        [
          'before-upstream',
          {
            onError: () => ({
              statusCode: 200,
              headers: { 'content-type': 'text/plain' },
              body: 'from a cache',
            }),
          },
        ],
      ],
      respond: async () => {
        throw new GatewayError('UPSTREAM_TIMEOUT', { detail: '' });
      },
    });
    expect(await send(it, 'GET', '/')).toMatchObject({ statusCode: 200, body: 'from a cache' });
    expect(it.lines).toMatchObject([{ status_code: 200, error_code: 'UPSTREAM_TIMEOUT' }]);
  });

  it('is not an error that it throws again unchanged', async () => {
    const it = withPlugins({
      plugins: [
        [
          'before-auth',
          {
            onError: ({ error }) => {
              throw error;
            },
          },
        ],
      ],
      route: signedIn('user'),
    });
    expect(await send(it, 'GET', '/')).toMatchObject({ problem: { code: 'CREDENTIALS_MISSING' } });
  });
});
