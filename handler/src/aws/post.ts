import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { type ConnectOptions, createAgent } from '../http/happy-eyeballs.ts';
import { keptConnections } from '../http/kept-connections.ts';
import type { Headers } from './signature-v4.ts';

export interface Answer {
  readonly status: number;
  /** Node puts them in order only when asked; an answer as it should be never is. */
  readonly headers: () => IncomingMessage['headers'];
  readonly body: string;
}

export interface Poster {
  /** The whole answer, or an Error with a `code`; by then the socket is free or destroyed, and no timer is left. */
  post(headers: Headers, body: string, timeoutMs: number): Promise<Answer>;
  /** Closes connections that nothing waits for, so that the next attempt opens a new one. */
  dropIdleConnections(): void;
}

/** No answer came in time, or one that is not whole or too large. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: string;

  constructor(
    code: 'ATTEMPT_TIMEOUT' | 'DEADLINE_PASSED' | 'ANSWER_TRUNCATED' | 'ANSWER_TOO_LARGE',
  ) {
    super(code);
    this.code = code;
  }
}

/** DynamoDB's largest item is 400 KB, a secret 64 KB; JSON adds to that. */
const maxAnswerBytes = 2 * 1024 * 1024;

/** Shorter than servers keep an idle connection, so that few calls meet one that is just being closed. */
const idleConnectionMs = 20_000;

/** Posts to one origin over kept connections. */
export const createPoster = (endpoint: URL, now: () => number, lookup?: LookupFunction): Poster => {
  const isTls = endpoint.protocol === 'https:';
  const settings = { keepAlive: true, noDelay: true, timeout: idleConnectionMs };
  const agent = createAgent(isTls, settings, lookup);
  const target = {
    agent,
    method: 'POST',
    path: '/',
    setDefaultHeaders: false, // Given as a list, whole: Node then writes them out as they are.
    host: endpoint.hostname.replace(/^\[|\]$/g, ''),
    port: endpoint.port || (isTls ? 443 : 80),
  };
  const send = isTls ? httpsRequest : httpRequest;
  const kept = keptConnections(agent, idleConnectionMs, now);

  const post = (headers: Headers, body: string, timeoutMs: number): Promise<Answer> =>
    new Promise((resolve, reject) => {
      kept.closeStale();
      kept.noteUse();
      const options: ConnectOptions = {
        ...target,
        headers: listOf(headers, body),
        connectTimeoutMs: timeoutMs,
      };
      const outgoing = send(options);
      const timer = setTimeout(
        () => outgoing.destroy(new TransportError('ATTEMPT_TIMEOUT')),
        timeoutMs,
      );
      const fail = (error: Error): void => {
        clearTimeout(timer);
        outgoing.destroy();
        reject(error);
      };
      outgoing.on('error', fail);
      outgoing.on('response', (incoming) => {
        readBody(incoming, fail, (text) => {
          clearTimeout(timer);
          resolve({
            status: incoming.statusCode ?? 0,
            headers: () => incoming.headers,
            body: text,
          });
        });
      });
      outgoing.end(body);
    });

  return { post, dropIdleConnections: () => kept.closeIdle() };
};

const listOf = (headers: Headers, body: string): string[] => {
  const list = ['content-length', String(Buffer.byteLength(body))];
  for (const name in headers) list.push(name, headers[name] ?? '');
  return list;
};

const readBody = (
  incoming: IncomingMessage,
  fail: (error: Error) => void,
  done: (body: string) => void,
): void => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > maxAnswerBytes) fail(new TransportError('ANSWER_TOO_LARGE'));
  });
  incoming.on('end', () => done(Buffer.concat(chunks, bytes).toString('utf8')));
  incoming.on('error', fail);
  incoming.on('close', () => {
    if (!incoming.complete) fail(new TransportError('ANSWER_TRUNCATED'));
  });
};
