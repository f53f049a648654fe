import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { type ConnectOptions, createAgent } from '../../http/happy-eyeballs.ts';
import { keptConnections } from '../../http/kept-connections.ts';
import { oneReadBuffer } from '../../http/one-read-buffer.ts';
import type { Attempt } from './attempt.ts';
import { sendOnce } from './send-once.ts';

export interface OutgoingRequest {
  readonly method: string;
  /** The request line's target, whole. */
  readonly path: string;
  /** Names and values in turn, `host` and `content-length` among them. */
  readonly headers: string[];
  readonly body: Buffer | undefined;
}

/** Keep-alive connections to one upstream. */
export interface Connections {
  /** Never rejects. When it resolves, the connection is free or destroyed, and no timer is left. */
  send(request: OutgoingRequest, timeoutMs: number): Promise<Attempt>;
}

/** Of an answer's head: Node's own limit, which Lambda's bootstrap raises to five times that; API Gateway takes 10 KB. */
const maxHeaderSize = 16_384;

/** Makes an upstream's connections when the environment starts; none is opened yet. */
export type Connect = (url: URL, options: ConnectionOptions) => Connections;

export interface ConnectionOptions {
  readonly now: () => number;
  /** Of an upstream response; reading a larger one ends. */
  readonly maxBodyBytes: number;
  readonly lookup?: LookupFunction;
}

/**
 * Servers commonly close an idle connection after five seconds or more; Node's agent also heeds a shorter
 * `Keep-Alive: timeout`. One that has been idle for longer is not trusted with a request.
 */
const maxIdleMs = 4_000;

/** Host and port come from the upstream's URL alone, whatever the request says. */
export const createConnections: Connect = (url, { now, maxBodyBytes, lookup }) => {
  const isTls = url.protocol === 'https:';
  const settings = { timeout: maxIdleMs, onread: oneReadBuffer };
  const agent = createAgent(isTls, { ...settings, keepAlive: true }, lookup);
  const unsharedAgent = createAgent(isTls, settings, lookup);
  const open = isTls ? httpsRequest : httpRequest;
  const host = url.hostname.replace(/^\[|\]$/g, ''); // `URL` keeps the brackets of an IPv6 address, `connect` wants none.
  const port = url.port || (isTls ? '443' : '80');
  const origin = { agent, host, port, setDefaultHeaders: false, maxHeaderSize };
  const kept = keptConnections(agent, maxIdleMs, now);
  const connection = { isTls, dialed: `${host}:${port}`, maxBodyBytes };

  return {
    send: async ({ method, path, headers, body }, timeoutMs) => {
      kept.closeStale();
      const options: ConnectOptions = {
        ...origin,
        method,
        path,
        headers,
        connectTimeoutMs: timeoutMs,
      };
      if (body !== undefined && takesNoContent.has(method)) {
        options.agent = unsharedAgent;
        options.headers = [...headers, 'connection', 'close'];
      }
      const attempt = await sendOnce(open(options), body, connection, timeoutMs);
      kept.noteUse();
      return attempt;
    },
  };
};

/**
 * Methods that servers expect no content with (RFC 9110 §9.3): one that ignores it would read it as the connection's next
 * request, with whatever identity it claims. So nothing ever follows it.
 */
const takesNoContent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);
