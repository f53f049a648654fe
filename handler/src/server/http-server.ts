import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import type { CorsPolicy } from '../features/cors/cors-policy.ts';
import { preflightHeaders, withCorsHeaders } from './cross-origin.ts';
import { requestToEvent } from './request-to-event.ts';
import { sendMessage, sendResult } from './send-result.ts';

export interface HttpServer {
  /** Resolves with the URL. Rejects if the port is taken. */
  listen(address: { readonly host: string; readonly port: number }): Promise<URL>;
  /** Accepts no new request, and resolves when all responses are sent, or after `graceMs` without them. */
  close(options: { readonly graceMs: number }): Promise<void>;
}

/** What serves a request; asked for each request, so that it can change while the server runs. */
export interface Service {
  readonly handler: (
    event: APIGatewayProxyEventV2,
    context: Context,
  ) => Promise<APIGatewayProxyStructuredResultV2>;
  /** Null: API Gateway has no CORS configuration, and `OPTIONS` is a request like any other. */
  readonly cors: CorsPolicy | null;
}

interface Dependencies {
  /** A request waits for it. */
  readonly service: () => Service | Promise<Service>;
  readonly now: () => number;
  /** Called with what the handler throws; the client gets 500. */
  readonly onError: (error: unknown) => void;
}

/** The limits of an HTTP API: a body, the request line with the headers, and a function's event. */
const maxBodyBytes = 10 * 1024 * 1024;
const maxHeaderBytes = 10_240;
const maxEventBytes = 6 * 1024 * 1024;

/** An HTTP API waits 30 s for a function; the function of this project has this timeout. */
const timeoutMs = 29_000;

/** Longer than the idle timeout of common load balancers, so that they are the ones to close a connection. */
const keepAliveMs = 65_000;

/**
 * A handler for HTTP API events (payload format 2.0) as an HTTP/1.1 server, with the limits and the CORS of an HTTP API.
 * Connections are kept alive.
 */
export const createHttpServer = ({ service, now, onError }: Dependencies): HttpServer => {
  let isClosing = false;
  /** All connections, and those that are serving a request. */
  const open = new Set<Socket>();
  const busy = new Set<Socket>();

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    if (body === undefined) return refuseLarge(request, response);
    const event = requestToEvent(request, { body, nowMs: now() });
    if (event === undefined) return sendMessage(response, 400, 'Bad Request');
    const { handler, cors } = await service();
    const preflight = cors === null ? undefined : preflightHeaders(cors, request);
    if (preflight !== undefined) return void response.writeHead(204, preflight).end();
    if (!fitsInEvent(event)) return sendMessage(response, 413, 'Request Entity Too Large');
    const { requestId } = event.requestContext;
    const result = await handler(event, contextOf(requestId, now));
    if (isClosing) response.shouldKeepAlive = false;
    sendResult(response, result, {
      requestId,
      ...(cors !== null && {
        adjust: (headers) => withCorsHeaders(cors, request.headers.origin, headers),
      }),
    });
  };

  const server = createServer(
    {
      maxHeaderSize: maxHeaderBytes,
      keepAliveTimeout: keepAliveMs,
      requestTimeout: timeoutMs,
    },
    (request, response) => {
      busy.add(request.socket);
      response.once('close', () => busy.delete(request.socket));
      respond(request, response).catch((error: unknown) => {
        if (request.errored) return; // The client has gone.
        onError(error);
        if (response.headersSent) response.destroy();
        else sendMessage(response, 500, 'Internal Server Error');
      });
    },
  );

  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });

  return {
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          const address = server.address() as AddressInfo;
          const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
          resolve(new URL(`http://${name}:${address.port}`));
        });
      }),
    close: ({ graceMs }) =>
      new Promise((resolve) => {
        isClosing = true;
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        // Node itself waits for connections that never had a request, such as those that browsers open in advance.
        for (const socket of open) if (!busy.has(socket)) socket.destroy();
      }),
  };
};

/** Undefined if it is too large; then its rest is still arriving. */
const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return undefined;
  // Not by `for await`: leaving the loop would destroy the connection before the response is sent.
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('end', () => resolve(Buffer.concat(chunks, bytes)));
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) resolve(undefined);
      else chunks.push(chunk);
    });
  });
};

const refuseLarge = (request: IncomingMessage, response: ServerResponse): void => {
  response.shouldKeepAlive = false;
  request.resume(); // A client that is still sending reads the response only after that.
  sendMessage(response, 413, 'Request Entity Too Large');
};

const fitsInEvent = ({ body = '', ...event }: APIGatewayProxyEventV2): boolean =>
  body.length * worstJsonGrowth + maxHeaderBytes * worstJsonGrowth < maxEventBytes ||
  Buffer.byteLength(JSON.stringify({ ...event, body })) <= maxEventBytes;

/** A control character of one byte is six in JSON: `\u0000`. */
const worstJsonGrowth = 6;

const contextOf = (awsRequestId: string, now: () => number): Context => {
  const endsAtMs = now() + timeoutMs;
  return {
    awsRequestId,
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'server',
    functionVersion: '$LATEST',
    invokedFunctionArn: '',
    memoryLimitInMB: '',
    logGroupName: '',
    logStreamName: '',
    getRemainingTimeInMillis: () => endsAtMs - now(),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
};
