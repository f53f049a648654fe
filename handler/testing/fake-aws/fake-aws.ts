import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface StubRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Its connection's number, from 1. */
  readonly connection: number;
}

/** What the server does with one request. */
export type Behaviour = (response: ServerResponse, request: StubRequest) => void | Promise<void>;

export interface StubAws {
  readonly endpoint: URL;
  readonly requests: readonly StubRequest[];
  readonly openConnections: number;
  /** One behaviour a request; the last one stays. */
  behave(...behaviours: readonly Behaviour[]): void;
  /** Closes the connections that no request is under way on, as a server does that finds them idle. */
  closeConnections(): void;
  stop(): Promise<void>;
}

/** A scripted server on loopback in place of an AWS service. */
export const startStubAws = async (): Promise<StubAws> => {
  let script: readonly Behaviour[] = [];
  let connections = 0;
  const requests: StubRequest[] = [];
  const numbers = new WeakMap<object, number>();
  const sockets = new Set<{ destroy(): void }>();

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request: StubRequest = {
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        connection: numbers.get(incoming.socket) ?? 0,
      };
      const behaviour = script[Math.min(requests.length, script.length - 1)];
      requests.push(request);
      void behaviour?.(response, request);
    });
  });
  server.on('connection', (socket) => {
    connections += 1;
    numbers.set(socket, connections);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    endpoint: new URL(`http://127.0.0.1:${port}`),
    requests,
    get openConnections() {
      return sockets.size;
    },
    behave: (...behaviours) => {
      script = [...Array<Behaviour>(requests.length).fill(hang), ...behaviours];
    },
    closeConnections: () => server.closeIdleConnections(),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

export const answer =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

export const ok = (body: unknown): Behaviour => answer(200, body);

/** An error as AWS's JSON protocols have it. */
export const refuseWith = (
  code: string,
  fields: Readonly<Record<string, unknown>> = {},
  status = 400,
): Behaviour => answer(status, { __type: `com.amazonaws.dynamodb.v20120810#${code}`, ...fields });

/** Takes the request and never answers. */
export const hang: Behaviour = () => undefined;

export const reset: Behaviour = (response) => void response.socket?.resetAndDestroy();

/** Promises more than it sends. */
export const truncate: Behaviour = (response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"Item":', () => response.socket?.destroy());
};

/** Sends a sound answer, one byte at a time. */
export const drip =
  (body: string, pauseMs: number): Behaviour =>
  async (response) => {
    response.writeHead(200, { 'content-length': String(body.length) });
    for (const byte of body) {
      if (response.destroyed) return;
      response.write(byte);
      await sleep(pauseMs);
    }
    response.end();
  };

/** Answers after a while as another behaviour does. */
export const late =
  (pauseMs: number, behaviour: Behaviour): Behaviour =>
  async (response, request) => {
    await sleep(pauseMs);
    await behaviour(response, request);
  };

/** Refuses signatures of another time than the server's, as AWS does, and tells its own time. */
export const atServerTime =
  (serverMs: () => number, behaviour: Behaviour): Behaviour =>
  (response, request) => {
    response.setHeader('date', new Date(serverMs()).toUTCString());
    const signedMs = Date.parse(
      String(request.headers['x-amz-date']).replace(
        /(....)(..)(..)T(..)(..)(..)Z/,
        '$1-$2-$3T$4:$5:$6Z',
      ),
    );
    if (Math.abs(signedMs - serverMs()) <= 5 * 60_000) return behaviour(response, request);
    const message = 'Signature expired';
    const body = { __type: 'com.amazon.coral.service#InvalidSignatureException', message };
    return answer(400, body)(response, request);
  };
