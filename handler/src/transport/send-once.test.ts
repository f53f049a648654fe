import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { createServer, type Server } from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { responseOf, rawUpstream, type RawUpstream } from '../../testing/raw-upstream.ts';
import { selfSignedCertificate } from '../../testing/self-signed-certificate.ts';
import { failed } from './attempt.ts';
import { resultLimits } from '../http/response-to-result.ts';
import { createConnections } from './connections.ts';
import { sendOnce } from './send-once.ts';

const running: { close: () => unknown }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

const upstreamThat = async (...behavior: Parameters<typeof rawUpstream>): Promise<RawUpstream> => {
  const upstream = await rawUpstream(...behavior);
  running.push(upstream);
  return upstream;
};

const request = (method = 'GET', body?: Buffer) => ({
  method,
  path: '/',
  headers: ['host', 'x', ...(body ? ['content-length', String(body.length)] : [])],
  body,
});

const options = { now: Date.now, maxBodyBytes: resultLimits.maxBodyBytes };

const send = (url: URL, timeoutMs = 2_000) =>
  createConnections(url, options).send(request(), Date.now() + timeoutMs);

const ok = responseOf('200 OK', 'fine');

describe('an attempt fails', () => {
  it.each([
    ['at a status that is none', 'HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n', 'bad-response'],
    ['at a status below 100', 'HTTP/1.1 099 What\r\nContent-Length: 0\r\n\r\n', 'bad-response'],
    ['at a 101 that names no protocol', 'HTTP/1.1 101 Switching\r\n\r\n', 'bad-response'],
    [
      'with an upgrade that was not requested',
      'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n',
      'bad-response',
    ],
    ['at bytes after the body', `${ok}more`, 'bad-response'],
    ['at a body behind a 204', 'HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nhi', 'bad-response'],
    [
      'at both ways to frame a body',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'bad-response',
    ],
    [
      'at a chunk that is none',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      'bad-response',
    ],
    ['at lines ended by LF alone', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n', 'bad-response'],
    [
      'at headers without end',
      `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      'response-too-large',
    ],
  ])('%s', async (_, bytes, reason) => {
    const upstream = await upstreamThat(bytes);
    const attempt = await send(upstream.url);
    expect(attempt).toMatchObject({ kind: 'failed', reason });
  });

  it.each([
    ['before a byte of the response', '', 'no-response'],
    ['within its head', 'HTTP/1.1 20', 'bad-response'],
    ['within its body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi', 'bad-response'],
  ])('when the connection ends or is reset %s', async (_, bytes, reason) => {
    const ending = await upstreamThat((__, socket) => socket.end(bytes));
    expect(await send(ending.url)).toMatchObject({ reason });
    const resetting = await upstreamThat((__, socket) => {
      socket.write(bytes);
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
    expect(await send(resetting.url)).toMatchObject({ reason });
  });

  it('when a kept connection is reset, even after earlier responses', async () => {
    const upstream = await upstreamThat((_, socket, index) => {
      if (index === 0) socket.write(ok);
      else socket.resetAndDestroy();
    });
    const connections = createConnections(upstream.url, options);
    await connections.send(request(), Date.now() + 1_000);
    expect(await connections.send(request('POST'), Date.now() + 1_000)).toMatchObject({
      reason: 'no-response',
    });
    expect(upstream.connections()).toBe(1);
  });

  it('with different reasons for a timeout while connecting and after it', async () => {
    const connections = createConnections(new URL('http://two.example:1'), {
      ...options,
      lookup: () => undefined,
    });
    expect(await connections.send(request(), Date.now() + 30)).toMatchObject({
      reason: 'connect-timeout',
      cause: { code: 'CONNECT_TIMEOUT', dialed: 'two.example:1' },
    });
    const upstream = await upstreamThat(() => undefined);
    expect(await send(upstream.url, 30)).toEqual(failed('timeout'));
  });

  it('when its time is up, and leaves neither timer nor connection', async () => {
    const upstream = await upstreamThat(() => undefined);
    const before = timers();
    expect(await send(upstream.url, 30)).toMatchObject({ reason: 'timeout' });
    // Node and the test's own server have timers, too, and they vary.
    for (let tries = 0; tries < 100 && timers() > before; tries += 1) await sleep(20);
    expect(timers()).toBeLessThanOrEqual(before);
  });
});

it('limits the response head to the same size if Node’s own limit is raised', async () => {
  const upstream = await upstreamThat(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
  const program = `
    import { createConnections } from '${new URL('connections.ts', import.meta.url).href}';
    const request = { method: 'GET', path: '/', headers: ['host', 'x'], body: undefined };
    const attempt = await createConnections(new URL('${upstream.url.href}'), { now: Date.now, maxBodyBytes: 1000 }).send(request, Date.now() + 5_000);
    console.log(attempt.reason);
    process.exit();`;
  const lambdas = ['--max-http-header-size=81920', '--no-warnings', '--input-type=module'];
  const { stdout } = await promisify(execFile)(process.execPath, [...lambdas, '-e', program]);
  expect(stdout.trim()).toBe('response-too-large');
});

/** In a separate process: within this one, the client reads each response before its next write fails. */
const startEarlyServer = async (
  close: 'end' | 'resetAndDestroy',
  certificate?: ReturnType<typeof selfSignedCertificate>,
): Promise<URL> => {
  const made = certificate
    ? `require('node:tls').createServer(${JSON.stringify(certificate)}, `
    : `require('node:net').createServer(`;
  const program = `${made} (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      const head = ['HTTP/1.1 413 Too Large', 'Connection: close', 'Content-Length: 5', '', ''];
      socket.write(head.join('\\r\\n') + 'large', () => {
        socket.${close}();
        socket.destroy();
      });
    });
  }).listen(0, 'localhost', function () { console.log(this.address().port); });`;
  const server = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
  running.push({ close: () => server.kill() });
  const [port] = (await once(server.stdout, 'data')) as [Buffer];
  return new URL(`${certificate ? 'https' : 'http'}://localhost:${String(port).trim()}`);
};

const timers = (): number =>
  process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('an attempt succeeds', () => {
  it('with a response that ends with its connection', async () => {
    const upstream = await upstreamThat((_, socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nall'));
    expect(await send(upstream.url)).toMatchObject({ statusCode: 200, body: Buffer.from('all') });
  });

  it('with a response before the request is sent, and closes the connection', async () => {
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.pause().write(ok));
      running.push({ close: () => socket.destroy() });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    running.push(server);
    const body = Buffer.alloc(16 * 1024 * 1024);
    const outgoing = http.request({
      agent: new http.Agent({ keepAlive: true }),
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      method: 'POST',
      headers: { 'content-length': body.length },
    });
    const connection = { isTls: false, dialed: '127.0.0.1', maxBodyBytes: 1_000 };
    expect(await sendOnce(outgoing, body, connection, 2_000)).toMatchObject({
      statusCode: 200,
    });
    expect(outgoing.socket?.destroyed).toBe(true);
  });

  it.each(['end', 'resetAndDestroy'] as const)(
    'in 200 of 200 uploads with an early response from a server that then closes: %s',
    async (close) => {
      const url = await startEarlyServer(close);
      const connections = createConnections(url, options);
      const body = Buffer.alloc(6 * 1024 * 1024);
      const seen = new Set<string>();
      for (let count = 0; count < 200; count += 1) {
        const attempt = await connections.send(request('PUT', body), Date.now() + 5_000);
        seen.add(attempt.kind === 'responded' ? String(attempt.statusCode) : attempt.reason);
      }
      expect([...seen]).toEqual(['413']);
    },
    60_000,
  );

  it('a thousand times over one connection, without additional listeners', async () => {
    const upstream = await upstreamThat(ok);
    const warnings: Error[] = [];
    const listen = (warning: Error): number => warnings.push(warning);
    process.on('warning', listen);
    const connections = createConnections(upstream.url, options);
    for (let count = 0; count < 1_000; count += 1)
      await connections.send(request(), Date.now() + 1_000);
    process.off('warning', listen);
    expect(upstream.connections()).toBe(1);
    expect(warnings).toEqual([]);
  });
});

describe('a body with a method for which servers expect none', () => {
  it.each(['GET', 'HEAD', 'DELETE', 'OPTIONS'])('has a separate connection: %s', async (method) => {
    const upstream = await upstreamThat((text, socket) =>
      socket.write(text.startsWith('HEAD') ? responseOf('204 No Content') : ok),
    );
    const connections = createConnections(upstream.url, options);
    const withBody = request(method, Buffer.from('GET /admin HTTP/1.1'));
    for (const each of [request(), withBody, request(), withBody, request()]) {
      expect(await connections.send(each, Date.now() + 1_000)).toMatchObject({ kind: 'responded' });
    }
    expect(upstream.connections()).toBe(3); // One for all requests without such a body, one for each with one.
    const closing = upstream.requests.map((text) => text.includes('connection: close'));
    expect(closing).toEqual([false, true, false, true, false]);
  });

  it('shares a connection if servers read it', async () => {
    const upstream = await upstreamThat(ok);
    const connections = createConnections(upstream.url, options);
    for (const method of ['POST', 'PUT', 'PATCH', 'POST']) {
      await connections.send(request(method, Buffer.from('x')), Date.now() + 1_000);
    }
    expect(upstream.connections()).toBe(1);
  });
});

describe('responses that are read into the same memory', () => {
  const letters = ['a', 'b', 'c', 'd'];
  const bodyOf = (letter: string): Buffer => Buffer.alloc(1_000_000, letter);

  it.each([
    ['whole, of declared length', 1_000_000, true],
    ['whole, in chunks', 1_000_000, false],
    ['a part after the other', 10, true],
  ])('are each returned unchanged: %s', async (_, firstBytes, isDeclared) => {
    const waiting: (() => void)[] = [];
    const server = http.createServer((incoming, response) => {
      const body = bodyOf(incoming.url?.at(-1) ?? '');
      response.writeHead(200, isDeclared ? { 'content-length': body.length } : {});
      response.write(body.subarray(0, firstBytes));
      waiting.push(() => response.end(body.subarray(firstBytes)));
      // The beginning of each is read before the end of any.
      if (waiting.length === letters.length) setTimeout(() => waiting.forEach((end) => end()), 50);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    running.push({ close: () => (server.closeAllConnections(), server.close()) });
    const { port } = server.address() as AddressInfo;
    const connections = createConnections(new URL(`http://127.0.0.1:${port}`), options);
    const attempts = await Promise.all(
      letters.map((letter) =>
        connections.send({ ...request(), path: `/${letter}` }, Date.now() + 5_000),
      ),
    );
    attempts.forEach((attempt, index) => {
      const expected = bodyOf(letters[index] ?? '');
      expect((attempt as { body: Buffer }).body.equals(expected)).toBe(true);
    });
  });
});

describe('over TLS', () => {
  const certificate = selfSignedCertificate();
  const big = Buffer.alloc(1_000_000, 'abcdefghij');
  const trusted = tls.getCACertificates();
  afterEach(() => tls.setDefaultCACertificates(trusted));

  const tlsUpstream = async (): Promise<{
    url: URL;
    connections: () => number;
    server: Server;
  }> => {
    let connections = 0;
    const server = createServer(certificate, (incoming, response) => {
      if (incoming.method === 'POST') incoming.socket.destroy();
      else response.end(incoming.url === '/big' ? big : 'secret');
    }).on('secureConnection', () => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    running.push({ close: () => (server.closeAllConnections(), server.close()) });
    const { port } = server.address() as AddressInfo;
    return { url: new URL(`https://localhost:${port}`), connections: () => connections, server };
  };

  it('keeps its connection, and distinguishes a broken one from one that was never made', async () => {
    tls.setDefaultCACertificates([...trusted, certificate.cert]);
    const { url, connections } = await tlsUpstream();
    const kept = createConnections(url, options);
    for (let count = 0; count < 3; count += 1) {
      expect(await kept.send(request(), Date.now() + 1_000)).toMatchObject({
        body: Buffer.from('secret'),
      });
    }
    const large = await kept.send({ ...request(), path: '/big' }, Date.now() + 5_000);
    expect((large as { body: Buffer }).body.equals(big)).toBe(true);
    expect(connections()).toBe(1);
    expect(await kept.send(request('POST'), Date.now() + 1_000)).toMatchObject({
      reason: 'no-response',
    });
  });

  it('is unreachable with an untrusted certificate', async () => {
    const { url } = await tlsUpstream();
    expect(await send(url)).toMatchObject({
      reason: 'unreachable',
      cause: {
        code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
        dialed: expect.stringMatching(
          new RegExp(`^localhost:${url.port} \\((127\\.0\\.0\\.1|::1)\\)$`),
        ),
      },
    });
  });

  it('counts a timeout during the handshake as a connect timeout', async () => {
    const silent = net.createServer((socket) => void socket.on('error', () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    running.push(silent);
    const { port } = silent.address() as AddressInfo;
    expect(await send(new URL(`https://127.0.0.1:${port}`), 50)).toMatchObject({
      reason: 'connect-timeout',
      cause: { code: 'TLS_TIMEOUT', dialed: `127.0.0.1:${port} (127.0.0.1)` },
    });
  });

  it('reads an early response although the write after it fails', async () => {
    tls.setDefaultCACertificates([...trusted, certificate.cert]);
    const url = await startEarlyServer('end', certificate);
    const connections = createConnections(url, options);
    const body = Buffer.alloc(6 * 1024 * 1024);
    const seen = new Set<string>();
    for (let count = 0; count < 100; count += 1) {
      const attempt = await connections.send(request('PUT', body), Date.now() + 5_000);
      seen.add(attempt.kind === 'responded' ? String(attempt.statusCode) : attempt.reason);
    }
    expect([...seen]).toEqual(['413']);
  }, 60_000);

  it('is unreachable if the server has no TLS or closes the connection', async () => {
    const plain = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    running.push(plain);
    const { port } = plain.address() as AddressInfo;
    expect(await send(new URL(`https://127.0.0.1:${port}`))).toMatchObject({
      reason: 'unreachable',
    });
    const { url: closing, server } = await tlsUpstream();
    server.on('connection', (socket) => socket.destroy());
    expect(await send(closing)).toMatchObject({ reason: 'unreachable' });
  });
});
