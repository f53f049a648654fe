import { afterEach, describe, expect, it } from '@jest/globals';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gatewayWith, route, send } from '../testing/gateway-with.ts';
import type { GatewayResponse } from './http/response.ts';
import { upstreamPolicy } from '../testing/upstream-policy.ts';
import { resultLimits } from './http/response-to-result.ts';
import { createForward } from './upstreams/http/forward.ts';

const megabyte = 1_048_576;
const maxBodyBytes = 8 * megabyte;
const target = { kind: 'http', upstream: 'users', rewrite: undefined } as const;
const routes = [
  route('PUT /users', { maxBodyBytes }),
  route('PUT /patient', { maxBodyBytes, target: { ...target, timeoutMs: 20_000 } }),
];
const noContent: GatewayResponse = { statusCode: 204, headers: {} };

describe('a large upload', () => {
  it.each([
    ['gets a response', async () => noContent, 204],
    ['fails', async () => Promise.reject(new Error('no upstream')), 500],
  ])('is invisible after its request %s', async (_, end, status) => {
    let seen: Buffer = Buffer.alloc(0);
    let bytes = 0;
    const gateway = gatewayWith({
      routes,
      respond: ({ request: { body = seen } }) => {
        seen = body;
        bytes = body.length;
        return end();
      },
    });
    const body = Buffer.alloc(megabyte, 'a');
    expect(await send(gateway, 'PUT', '/users', { body })).toMatchObject({ statusCode: status });
    expect([bytes, seen.length]).toEqual([megabyte, 0]);
  });
});

describe('a large upload that its service did not read completely', () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of servers.splice(0)) server.close();
  });

  const serverThat = async (connected: (socket: Socket) => void): Promise<URL> => {
    const server = net.createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      connected(socket);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  };

  /** All bytes of a connection, until it ends. */
  const readAll = async (socket: Socket): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => void chunks.push(chunk));
    socket.resume();
    await new Promise((resolve) => socket.on('close', resolve));
    return Buffer.concat(chunks);
  };

  it.each([
    ['that responds too early', 'HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n', 413],
    ['that never responds', '', 504],
  ])(
    'sends a service %s no byte of the next one',
    async (_, response, status) => {
      let bodyBytes = 0;
      const url = await serverThat((socket) => {
        if (sockets.length === 1) {
          socket.pause();
          if (response !== '') socket.write(response);
          return;
        }
        socket.on('data', (chunk) => {
          bodyBytes += chunk.filter((byte) => byte === 98).length;
          if (bodyBytes >= 4 * megabyte) socket.write('HTTP/1.1 204 No Content\r\n\r\n');
        });
      });
      const policy = upstreamPolicy({ retries: 0 });
      const forward = createForward({
        limits: resultLimits,
        upstreams: { users: { policy, url } },
        now: Date.now,
        onBreakerOpen: () => undefined,
      });
      const gateway = gatewayWith({ routes, forward, now: Date.now });

      const first = await send(gateway, 'PUT', '/users', { body: Buffer.alloc(4 * megabyte, 'a') });
      expect(first.statusCode).toBe(status);
      const second = send(gateway, 'PUT', '/patient', { body: Buffer.alloc(4 * megabyte, 'b') });
      await sleep(0);
      const reading = readAll(sockets[0] as Socket);
      expect(await second).toMatchObject({ statusCode: 204 });
      const received = (await reading).toString('latin1');
      const sent = received.slice(received.indexOf('\r\n\r\n') + 4);
      expect(sent.length).toBeGreaterThan(0);
      expect(sent.length).toBeLessThan(4 * megabyte);
      expect(/^a*$/.test(sent)).toBe(true);
    },
    30_000,
  );
});
