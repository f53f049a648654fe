import { spawn } from 'node:child_process';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import net, { type AddressInfo, type LookupFunction } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createConnections } from './connections.ts';
import { type ConnectionError, type ConnectOptions, createAgent } from './happy-eyeballs.ts';

const running: { close: () => unknown }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

/** A server on this address that responds with its name and counts its connections. */
const serverOn = async (host: string, port = 0) => {
  let connections = 0;
  const server = net.createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${host.length}\r\n\r\n${host}`);
    });
    running.push({ close: () => socket.destroy() });
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  running.push(server);
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
};

/** An address that neither accepts nor refuses connections: its queue of one is full, and Linux drops the rest. */
const blackHole = async (host: string, port: number, respondsAfterMs = 60_000): Promise<void> => {
  const program = `
import socket, sys, time
host, port, wait = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) / 1000
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((host, port))
server.listen(0)
held = [socket.socket() for _ in range(8)]
for each in held:
    each.setblocking(False)
    each.connect_ex((host, port))
print('full', flush=True)
time.sleep(wait)
for each in held:
    each.close()
while True:
    client, _ = server.accept()
    if client.recv(65536):
        client.sendall(f'HTTP/1.1 200 OK\\r\\nContent-Length: {len(host)}\\r\\n\\r\\n{host}'.encode())`;
  const arguments_ = ['-c', program, host, String(port), String(respondsAfterMs)];
  const hole = spawn('python3', arguments_, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.push({ close: () => hole.kill() });
  await once(hole.stdout, 'data');
};

const resolverOf =
  (...addresses: readonly string[]): LookupFunction =>
  (_, __, done) => {
    const found: LookupAddress[] = addresses.map((address) => ({
      address,
      family: net.isIP(address),
    }));
    setImmediate(done as (error: null, found: LookupAddress[]) => void, null, found);
  };

const ask = (lookup: LookupFunction, port: number, timeoutMs = 3_000) =>
  createConnections(new URL(`http://two.example:${port}`), {
    now: Date.now,
    maxBodyBytes: 1_000,
    lookup,
  }).send(
    { method: 'GET', path: '/', headers: ['host', 'two.example'], body: undefined },
    Date.now() + timeoutMs,
  );

const bodyOf = (attempt: Awaited<ReturnType<typeof ask>>): string =>
  attempt.kind === 'responded' ? attempt.body.toString() : attempt.reason;

/** Sockets, connected or not. Other handles of Jest, such as timers, vary. */
const openConnections = (): number =>
  process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP')).length;

describe('a name with several addresses', () => {
  it('connects to its first address if that responds, and to no other', async () => {
    const first = await serverOn('127.0.0.2');
    const second = await serverOn('127.0.0.3', first.port);
    expect(bodyOf(await ask(resolverOf('127.0.0.2', '127.0.0.3'), first.port))).toBe('127.0.0.2');
    expect(second.connections()).toBe(0);
  });

  it('connects to the second address without a wait if the first refuses', async () => {
    const { port } = await serverOn('127.0.0.3');
    const startedAtMs = performance.now();
    expect(bodyOf(await ask(resolverOf('127.0.0.2', '127.0.0.3'), port))).toBe('127.0.0.3');
    expect(performance.now() - startedAtMs).toBeLessThan(240);
  });

  it('connects to the second address if the first drops packets, for DynamoDB and for a service', async () => {
    const { port } = await serverOn('127.0.0.3');
    await blackHole('127.0.0.2', port);
    const lookup = resolverOf('127.0.0.2', '127.0.0.3');
    const startedAtMs = performance.now();
    expect(bodyOf(await ask(lookup, port))).toBe('127.0.0.3');
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });

  it('connects to the address after two that drop packets, within less than the usual waits', async () => {
    const { port } = await serverOn('127.0.0.4');
    await blackHole('127.0.0.2', port);
    await blackHole('127.0.0.3', port);
    const lookup = resolverOf('127.0.0.2', '127.0.0.3', '127.0.0.4');
    expect(bodyOf(await ask(lookup, port, 450))).toBe('127.0.0.4');
  });

  it('connects to a first address that takes longer than 250 ms if the second refuses', async () => {
    const { port } = await serverOn('127.0.0.9');
    await blackHole('127.0.0.2', port, 400);
    // Linux resends the dropped SYN after a second; by then, the queue has room.
    expect(bodyOf(await ask(resolverOf('127.0.0.2', '127.0.0.8'), port))).toBe('127.0.0.2');
  });

  it('alternates between families, beginning with the resolver’s first', async () => {
    const { port } = await serverOn('127.0.0.3');
    const addresses = ['::1', '::ffff:127.0.0.5', '127.0.0.2', '127.0.0.4', '127.0.0.6'];
    const orderOf = async (given: readonly string[]) => {
      const attempt = await ask(resolverOf(...given), port);
      const { dialed = '' } = attempt.kind === 'failed' ? (attempt.cause as ConnectionError) : {};
      return [...dialed.matchAll(/([^ (]+) ECONNREFUSED/g)].map(([, address]) => address);
    };
    const [six, mapped, two, four, other] = addresses;
    expect(await orderOf(addresses)).toEqual([six, two, mapped, four, other]);
    expect(await orderOf(addresses.toReversed())).toEqual([other, mapped, four, six, two]);
  });

  it('is unreachable if all addresses refuse, and the error names each of them for the log', async () => {
    const { port } = await serverOn('127.0.0.9');
    expect(await ask(resolverOf('127.0.0.2', '127.0.0.3'), port)).toMatchObject({
      reason: 'unreachable',
      cause: {
        name: 'ConnectionError',
        code: 'ECONNREFUSED',
        dialed: `two.example:${port} (127.0.0.2 ECONNREFUSED, 127.0.0.3 ECONNREFUSED)`,
        cause: { code: 'ECONNREFUSED', address: '127.0.0.3' },
      },
    });
  });

  it('times out, and leaves no open connection', async () => {
    const { port } = await serverOn('127.0.0.9');
    await blackHole('127.0.0.2', port);
    await blackHole('127.0.0.3', port);
    const before = openConnections();
    expect(await ask(resolverOf('127.0.0.2', '127.0.0.3'), port, 400)).toMatchObject({
      reason: 'connect-timeout',
      cause: {
        code: 'CONNECT_TIMEOUT',
        dialed: `two.example:${port} (127.0.0.2 CONNECT_TIMEOUT, 127.0.0.3 CONNECT_TIMEOUT)`,
      },
    });
    // Linux keeps trying an address that drops packets for two minutes: a connection that is still open after two
    // seconds was not closed.
    for (let waits = 0; openConnections() > before && waits < 40; waits += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(openConnections()).toBeLessThanOrEqual(before);
  });
});

describe('a name', () => {
  it.each([
    ['that is not known', 'ENOTFOUND'],
    ['that cannot be looked up for now', 'EAI_AGAIN'],
  ])('%s is unreachable', async (_, code) => {
    const lookup: LookupFunction = (__, ___, done) =>
      setImmediate(done, Object.assign(new Error(code), { code }), []);
    expect(await ask(lookup, 80)).toMatchObject({
      reason: 'unreachable',
      cause: { code, dialed: 'two.example:80', cause: { code } },
    });
  });

  it('without an address is unreachable', async () => {
    expect(await ask(resolverOf(), 80)).toMatchObject({ cause: { code: 'ENOTFOUND' } });
  });
});

describe('an agent', () => {
  it('keeps a connection for the next request', async () => {
    const { port, connections } = await serverOn('127.0.0.2');
    const agent = createAgent(false, { keepAlive: true }, resolverOf('127.0.0.2'));
    for (let count = 0; count < 3; count += 1) {
      const options = { agent, host: 'two.example', port, connectTimeoutMs: 1_000 };
      const response = await new Promise<IncomingMessage>((resolve) =>
        get(options as ConnectOptions, resolve),
      );
      await new Promise((resolve) => response.resume().once('close', resolve));
    }
    expect(connections()).toBe(1);
    agent.destroy();
  });
});
