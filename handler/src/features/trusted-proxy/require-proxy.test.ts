import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { httpApiEvent, lambdaContext } from '../../../testing/events.ts';
import { gatewayWith, route, send, signedIn, tokenOfAlice } from '../../../testing/gateway-with.ts';
import { responseOf, rawUpstream } from '../../../testing/raw-upstream.ts';
import { upstreamPolicy } from '../../../testing/upstream-policy.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { Buckets } from '../../stores/buckets/bucket-store.ts';
import { resultLimits } from '../../http/response-to-result.ts';
import { createForward } from '../../upstreams/http/forward.ts';
import { requireProxy } from './require-proxy.ts';

const secret = 's'.repeat(32);
const viewer = { 'cloudfront-viewer-address': '203.0.113.9:46532' };
const edge = '130.176.1.1';
const visitor = {
  name: 'visitor',
  per: ['ip'],
  limit: 1,
  windowSeconds: 1,
  burst: 1,
  onStoreFailure: 'allow',
  mode: 'enforce',
} as const;

let service: Awaited<ReturnType<typeof rawUpstream>>;
let received: string[] = [];
beforeAll(async () => {
  service = await rawUpstream((request, socket) => {
    received.push(request);
    socket.write(responseOf('200 OK', 'fine', ['Content-Type: text/plain']));
  });
});
afterAll(() => service.close());

const behindProxy = (
  secrets = { accept: async (value: string) => value === secret },
  isOn = true,
  healthPath = '/health',
) => {
  received = [];
  const take = jest.fn<Buckets['take']>(async () => ({
    allowed: true,
    remaining: 9,
    resetSeconds: 6,
    takenAtMicros: 0,
  }));
  const routes = [
    route('GET /open', { rateLimits: [visitor] }),
    route('GET /mine', { ...signedIn('user'), rateLimits: [visitor] }),
    route(`GET ${healthPath}`, { target: { kind: 'built-in', name: 'health' } }),
    route('GET /health/ready', { target: { kind: 'built-in', name: 'ready' } }),
  ];
  const it = gatewayWith({
    routes,
    buckets: { take },
    features: isOn
      ? { trustedProxy: () => requireProxy({ headerName: 'x-origin-secret', secrets, routes }) }
      : {},
    forward: createForward({
      limits: resultLimits,
      upstreams: {
        users: {
          policy: upstreamPolicy(),
          url: service.url,
        },
      },
      now: Date.now,
      onBreakerOpen: () => undefined,
    }),
    now: Date.now,
  });
  return { ...it, take };
};

const through = { ...viewer, 'X-Origin-Secret': secret };

describe('behind a trusted proxy', () => {
  it('the client’s address is the viewer’s for the service, the limit and the log, and the secret stays here', async () => {
    const it = behindProxy();
    const response = await send(it, 'GET', '/open', { headers: through, clientIp: edge });
    expect(response.statusCode).toBe(200);
    expect(received.join()).toMatch(/^x-forwarded-for: 203\.0\.113\.9\r$/m);
    expect(received.join()).not.toMatch(/x-origin-secret|cloudfront-viewer-address/i);
    expect(received.join() + JSON.stringify(it.lines)).not.toContain(secret);
    expect(received.join()).not.toContain(edge);
    expect(it.take.mock.calls[0]?.[0]).toBe('visitor#ip#203.0.113.9');
    expect(it.lines).toMatchObject([{ client_ip: '203.0.113.9' }]);
  });

  it('an IPv6 viewer counts by its network', async () => {
    const it = behindProxy();
    const headers = { ...through, 'cloudfront-viewer-address': '2001:db8:1:2::9:443' };
    await send(it, 'GET', '/open', { headers, clientIp: edge });
    expect(it.take.mock.calls[0]?.[0]).toBe('visitor#ip#2001:db8:1:2::/64');
    expect(received.join()).toMatch(/^x-forwarded-for: 2001:db8:1:2::9\r$/m);
  });

  it('a signed-in request passes as before', async () => {
    const headers = { ...through, authorization: `Bearer ${await tokenOfAlice()}` };
    expect(await send(behindProxy(), 'GET', '/mine', { headers })).toMatchObject({
      statusCode: 200,
    });
  });

  it.each<[string, Record<string, string>]>([
    ['no secret', viewer],
    ['a wrong one', { ...viewer, 'x-origin-secret': 'x'.repeat(32) }],
    ['an empty one', { ...viewer, 'x-origin-secret': '' }],
    ['one beside another', { ...viewer, 'x-origin-secret': `x,${secret}` }],
    ['the secret in another header', { ...viewer, x_origin_secret: secret }],
    ['the secret and no viewer', { 'x-origin-secret': secret }],
    [
      'the secret and a viewer that is no address',
      { 'x-origin-secret': secret, 'cloudfront-viewer-address': 'x:1' },
    ],
  ])('a request with %s is 403 on every path, and costs nothing', async (_, headers) => {
    const it = behindProxy();
    for (const path of ['/open', '/mine', '/health/ready', '/nowhere', '/open/../x', '/health/x']) {
      expect(await send(it, 'GET', path, { headers })).toMatchObject({
        statusCode: 403,
        problem: { code: 'PROXY_REQUIRED' },
      });
    }
    expect(await send(it, 'DELETE', '/open', { headers })).toMatchObject({ statusCode: 403 });
    expect(received).toEqual([]);
    expect(it.take).not.toHaveBeenCalled();
    expect(it.lines.every((line) => line['error_code'] === 'PROXY_REQUIRED')).toBe(true);
  });

  it('/health responds to everybody', async () => {
    expect(await send(behindProxy(), 'GET', '/health')).toMatchObject({ statusCode: 200 });
  });

  it('the health route answers everybody where the contract has it', async () => {
    const it = behindProxy(undefined, true, '/_health');
    expect(await send(it, 'GET', '/_health')).toMatchObject({ statusCode: 200 });
    expect(await send(it, 'GET', '/health')).toMatchObject({ statusCode: 403 });
  });

  it('a secret that cannot be read is 503, not 403', async () => {
    const accept = async (): Promise<never> => {
      throw new GatewayError('PROXY_SECRET_UNAVAILABLE', { detail: 'Try again later.' });
    };
    expect(await send(behindProxy({ accept }), 'GET', '/open', { headers: through })).toMatchObject(
      { statusCode: 503, problem: { code: 'PROXY_SECRET_UNAVAILABLE' } },
    );
  });
});

describe('without a trusted proxy', () => {
  it('the viewer’s address that a client sends is not believed', async () => {
    const it = behindProxy(undefined, false);
    await it.gateway(httpApiEvent('GET', '/open', { headers: viewer }), lambdaContext());
    expect(it.take.mock.calls[0]?.[0]).toBe('visitor#ip#198.51.100.7');
    expect(received.join()).toMatch(/^x-forwarded-for: 198\.51\.100\.7\r$/m);
    expect(received.join()).not.toContain('203.0.113.9');
  });
});
