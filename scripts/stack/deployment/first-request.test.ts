import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { firstRequest } from './first-request.ts';

const target = 'd-abc.execute-api.us-east-1.amazonaws.com';
let server: Server | undefined;
let notes: string[] = [];

const listen = async (listener: RequestListener): Promise<string> => {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const health =
  (...responds: ReadonlyArray<readonly [number, string]>): RequestListener =>
  (request, response) => {
    const isHealth = request.url === '/health';
    const [status, type] = (isHealth
      ? responds[Math.min(requests, responds.length - 1)]
      : undefined) ?? [200, 'text/plain'];
    if (isHealth) requests += 1;
    response.writeHead(status, { 'content-type': type }).end('{"message":"Not Found"}');
  };
let requests = 0;

/** Names under `.invalid` never resolve (RFC 6761); no resolver is called. */
const send = async (url: string) => {
  if (new URL(url).hostname.endsWith('.invalid')) {
    return { status: 'fetch failed (ENOTFOUND)', isGateways: false, isNameless: true };
  }
  const { status, headers } = await fetch(url);
  const isGateways = headers.get('content-type') === 'application/problem+json';
  return { status, isGateways, isNameless: false };
};

const request = (addresses: { baseUrl: string; defaultUrl?: string }) => {
  let nowMs = 0;
  return firstRequest(
    { defaultUrl: undefined, domainTarget: target, ...addresses },
    {
      ...{
        request: send,
        now: () => nowMs,
        note: (text: string) => void notes.push(text),
        route: { path: '/users', service: 'users' },
      },
      pause: async (ms) => void (nowMs += ms),
    },
  );
};

afterEach(() => {
  server?.close();
  [server, notes, requests] = [undefined, [], 0];
});

describe('the first request', () => {
  it('names the address of a service that does not respond', async () => {
    const url = await listen((received, response) =>
      response.writeHead(received.url === '/health' ? 200 : 502).end(),
    );
    await firstRequest(
      { baseUrl: url, defaultUrl: undefined, domainTarget: undefined },
      {
        route: { path: '/users', service: 'the service of users' },
        note: (text) => void notes.push(text),
      },
    );
    expect(notes).toEqual(['GET /users responds 502: is the service of users up?']);
  });

  const notYet = [404, 'application/json'] as const;
  const fine = [200, 'application/json'] as const;

  it('waits for a new API, which responds 404 by itself for a moment', async () => {
    const url = await listen(health(notYet, notYet, [500, 'application/json'], fine));
    await expect(request({ baseUrl: url })).resolves.toBeUndefined();
    expect(requests).toBe(4);
    expect(notes).toEqual([]);
  });

  it('fails at once on the gateway’s own 404', async () => {
    const url = await listen(health([404, 'application/problem+json']));
    await expect(request({ baseUrl: url })).rejects.toThrow('responds 404, not 200');
    expect(requests).toBe(1);
  });

  it('fails if the API still responds 404 after a minute', async () => {
    const url = await listen(health(notYet));
    await expect(request({ baseUrl: url })).rejects.toThrow('responds 404, not 200');
    expect(requests).toBe(122);
  });

  it('uses the API’s own address while the custom domain has no DNS record, and says which record to create', async () => {
    const url = await listen(health(fine));
    await request({ baseUrl: 'https://api.example.invalid', defaultUrl: url });
    expect(requests).toBe(1);
    expect(notes).toEqual([expect.stringContaining(`api.example.invalid has no DNS record`)]);
    expect(notes[0]).toContain(target);
  });

  it('is not a failure if the custom domain without a DNS record is the only address', async () => {
    await request({ baseUrl: 'https://api.example.invalid' });
    expect(notes).toEqual([expect.stringContaining(target)]);
  });

  it('takes a gateway that lets in its trusted proxy alone for deployed', async () => {
    const url = await listen(health([403, 'application/problem+json']));
    await expect(request({ baseUrl: url })).resolves.toBeUndefined();
  });

  it('fails if the function lacks an environment variable, and says where it is reported', async () => {
    const means = {
      request: async (url: string) =>
        url.endsWith('/health')
          ? { status: 200, isGateways: false, isNameless: false }
          : { status: 503, isGateways: true, code: 'GATEWAY_MISCONFIGURED', isNameless: false },
      pause: async () => undefined,
      now: () => 0,
      note: (text: string) => void notes.push(text),
      route: { path: '/users', service: 'users' },
    };
    const addresses = { baseUrl: 'http://a.test', defaultUrl: undefined, domainTarget: undefined };
    await expect(firstRequest(addresses, means)).rejects.toThrow(/Its log names it: make logs/);
  });
});
