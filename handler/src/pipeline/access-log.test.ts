import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { httpApiEvent, lambdaContext } from '../../testing/events.ts';
import { gatewayWith, route, send, signedIn, tokenOfAlice } from '../../testing/gateway-with.ts';

const routes = [
  route('GET /a'),
  route('GET /b', signedIn('user')),
  route('GET /c', signedIn('admin')),
];
const asAlice = async () => ({ headers: { authorization: `Bearer ${await tokenOfAlice()}` } });

describe('the access log', () => {
  it('omits successes that are not sampled, but counts them', async () => {
    const gateway = gatewayWith({ routes, isSampled: () => false });
    await send(gateway, 'GET', '/a');
    expect(gateway.lines).toEqual([]);
    expect(gateway.counted.map(([name]) => name)).toContain('requests');
  });

  it('never omits a refusal or a failure', async () => {
    const broken = async () => Promise.reject(new Error('no'));
    const gateway = gatewayWith({ routes, isSampled: () => false, respond: broken });
    await send(gateway, 'GET', '/b');
    await send(gateway, 'GET', '/nowhere');
    await send(gateway, 'GET', '/a');
    expect(gateway.lines.map((line) => line['status_code'])).toEqual([401, 404, 500]);
  });

  it('has the client’s address if no user is known or the request failed', async () => {
    const gateway = gatewayWith({ routes });
    await send(gateway, 'GET', '/a');
    await send(gateway, 'GET', '/b', await asAlice());
    await send(gateway, 'GET', '/c', await asAlice());
    expect(gateway.lines.map((line) => [line['status_code'], line['client_ip']])).toEqual([
      [200, '198.51.100.7'],
      [200, undefined],
      [403, '198.51.100.7'],
    ]);
  });

  const never = new Promise<never>(() => undefined);
  const endingIn = (ms: number) => lambdaContext(ms);

  it.each([
    ['an upstream', 504, 'UPSTREAM_TIMEOUT', '/a'],
    ['a session store', 503, 'DEADLINE_EXCEEDED', '/b'],
  ])(
    'has a line for a request that %s delays past the function’s time limit',
    async (_, statusCode, code, path) => {
      const gateway = gatewayWith({
        routes,
        sessions: { find: () => never },
        respond: () => never,
      });
      const startedAtMs = performance.now();
      const event = httpApiEvent('GET', path, await asAlice());
      const result = await gateway.gateway(event, endingIn(250));
      expect(performance.now() - startedAtMs).toBeLessThan(250);
      expect(result).toMatchObject({ statusCode, headers: { 'x-request-id': 'request-1' } });
      expect(JSON.parse(result.body ?? '')).toMatchObject({ code });
      expect(gateway.lines).toMatchObject([{ status_code: statusCode, error_code: code }]);
      expect(gateway.counted.map(([name]) => name)).toContain('serverErrors');
    },
  );

  it('has one line for a request whose step ends after the early response', async () => {
    const gateway = gatewayWith({
      routes,
      respond: async () => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        return { statusCode: 200, headers: {} };
      },
    });
    const result = await gateway.gateway(httpApiEvent('GET', '/a'), endingIn(130));
    expect(result.statusCode).toBe(504);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(gateway.lines).toHaveLength(1);
    expect(gateway.counted.filter(([name]) => name === 'requests')).toHaveLength(1);
  });

  it('leaves no timer behind', async () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const gateway = gatewayWith({ routes });
    for (let count = 0; count < 10; count += 1) await send(gateway, 'GET', '/a');
    expect(timers()).toBeLessThanOrEqual(before);
  });

  it('has only fields that docs/observability.md describes', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/observability.md'), 'utf8');
    const [, section = ''] = /^## The access log\n(.*?)^## /ms.exec(page) ?? [];
    const gateway = gatewayWith({ routes });
    await send(gateway, 'GET', '/c', await asAlice());
    const fields = gateway.lines.flatMap((line) => Object.keys(line));
    expect(fields).toContain('client_ip');
    expect(fields.filter((field) => !section.includes(`\`${field}\``))).toEqual([]);
  });
});
