import { describe, expect, it } from '@jest/globals';
import { call, receivedDuring, signIn, whileMisbehaving } from './stack.ts';

const json = { 'content-type': 'application/json' };

describe('the deployed gateway refuses', () => {
  it('an unknown path with 404, and another method with 405 and Allow', async () => {
    expect(await call('GET', '/nowhere')).toMatchObject({
      status: 404,
      json: { code: 'ROUTE_NOT_FOUND' },
    });
    const { status, headers } = await call('DELETE', '/api/v1/status');
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe('GET, HEAD');
  });

  it('what does not match its schema with 400 and the places, and forwards nothing', async () => {
    const token = await signIn(['user']);
    const body = JSON.stringify({ name: '', email: 'nobody' });
    const received = await receivedDuring('users', async () => {
      expect(await call('POST', '/api/v1/users', { token, headers: json, body })).toMatchObject({
        status: 400,
        json: {
          code: 'VALIDATION_FAILED',
          errors: expect.arrayContaining([
            expect.objectContaining({ pointer: '/name' }),
            expect.objectContaining({ pointer: '/email' }),
          ]),
        },
      });
      expect(await call('GET', '/api/v1/users?limit=0', { token })).toMatchObject({ status: 400 });
      expect(await call('GET', '/api/v1/users/a%20b', { token })).toMatchObject({ status: 400 });
    });
    expect(received).toEqual([]);
  });

  it('a path with dot segments with 400', async () => {
    const { status, json: problem } = await call('GET', '/api/v1/%2e%2e%3Bx=1/admin');
    expect(status).toBe(400);
    expect(problem['code']).toBe('BAD_PATH');
  });

  it('a body too large with 413, and a type it does not know with 415', async () => {
    const token = await signIn(['user']);
    const large = JSON.stringify({ name: 'x'.repeat(20_000), email: 'a@example.com' });
    expect(
      await call('POST', '/api/v1/users', { token, headers: json, body: large }),
    ).toMatchObject({
      status: 413,
      json: { code: 'BODY_TOO_LARGE' },
    });
    const headers = { 'content-type': 'text/csv' };
    expect(await call('POST', '/api/v1/users', { token, headers, body: 'a,b' })).toMatchObject({
      status: 415,
      json: { code: 'UNSUPPORTED_MEDIA_TYPE' },
    });
  });
});

describe('a service that fails', () => {
  it('and breaks its connection is a 502, and a POST is not sent twice', async () => {
    const token = await signIn(['user']);
    const body = JSON.stringify({ name: 'Eve', email: 'eve@example.com' });
    const received = await receivedDuring('users', () =>
      whileMisbehaving('users', { disconnect: 'before' }, async () => {
        expect(await call('POST', '/api/v1/users', { token, headers: json, body })).toMatchObject({
          status: 502,
          json: { code: 'UPSTREAM_BAD_RESPONSE' },
        });
      }),
    );
    expect(received.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('and is late is a 504 when its time is up', async () => {
    const startedAtMs = performance.now();
    await whileMisbehaving('status', { delayMs: 4_000 }, async () => {
      expect(await call('GET', '/api/v1/status')).toMatchObject({
        status: 504,
        json: { code: 'UPSTREAM_TIMEOUT' },
      });
    });
    expect(performance.now() - startedAtMs).toBeLessThan(3_500);
  });

  it('again and again is left to rest with 503, and comes back', async () => {
    const token = await signIn(['admin']);
    const get = () => call('GET', '/api/v1/admin/settings', { token });
    await whileMisbehaving('settings', { status: 503 }, async () => {
      // Each execution environment has a separate breaker; sequential requests use the same one.
      const responses = [];
      for (let request = 0; request < 12; request += 1) responses.push(await get());
      expect(responses.at(-1)).toMatchObject({
        status: 503,
        json: { code: 'UPSTREAM_BREAKER_OPEN' },
      });
      expect(Number(responses.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
    });
    await expect(
      eventually(async () => expect((await get()).status).toBe(200), 20_000),
    ).resolves.toBeUndefined();
  }, 40_000);

  it('with its own 500 is forwarded unchanged', async () => {
    await whileMisbehaving('status', { status: 500 }, async () => {
      expect(await call('GET', '/api/v1/status')).toMatchObject({
        status: 500,
        json: { status: 'operational' },
      });
    });
  });
});

/** Repeats `act` until it no longer throws, or the time is up. */
const eventually = async (act: () => Promise<void>, withinMs: number): Promise<void> => {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (performance.now() > untilMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
};
