import { request } from 'node:http';
import type { LookupFunction } from 'node:net';
import { type ConnectOptions, createAgent } from './happy-eyeballs.ts';
import { keptConnections } from './kept-connections.ts';
import { oneReadBuffer } from './one-read-buffer.ts';
import type { Attempt } from './attempt.ts';
import { sendOnce } from './send-once.ts';

export interface OutgoingRequest {
  readonly method: string;
  /** The complete target of the request line. */
  readonly path: string;
  /** Names and values in turn, `host` and `content-length` among them. */
  readonly headers: string[];
  /** A string is sent in one write with the head. */
  readonly body: Buffer | string | undefined;
}

/** Keep-alive connections to one origin. */
export interface Connections {
  /**
   * Never rejects, and takes no longer than to the deadline in epoch milliseconds. When it resolves, the connection is
   * free or destroyed, and no timer is left.
   */
  send(request: OutgoingRequest, deadlineMs: number): Promise<Attempt>;
  /** Closes idle connections, so that the next request opens a new one. */
  closeIdle(): void;
}

/** Of a response's head: Node's own limit, which Lambda's bootstrap raises to five times that; API Gateway takes 10 KB. */
const maxHeaderSize = 16_384;

/** Makes the connections to an origin when the environment starts; none is opened yet. */
export type Connect = (url: URL, options: ConnectionOptions) => Connections;

export interface ConnectionOptions {
  readonly now: () => number;
  /** Of a response. A larger one is not read to its end. */
  readonly maxBodyBytes: number;
  /** A connection that was idle for longer is not used. */
  readonly maxIdleMs?: number;
  readonly lookup?: LookupFunction;
  readonly tls?: TlsSettings;
}

/** PEM. */
export interface TlsSettings {
  /** In place of the public authorities. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Servers commonly close an idle connection after five seconds or more; Node's agent also obeys a shorter
 * `Keep-Alive: timeout`.
 */
const usualIdleMs = 4_000;

/** Host and port come only from the URL, never from the request. */
export const createConnections: Connect = (url, options) => {
  const { now, maxBodyBytes, maxIdleMs = usualIdleMs, lookup } = options;
  const isTls = url.protocol === 'https:';
  const settings = { timeout: maxIdleMs, onread: oneReadBuffer, ...options.tls };
  const agent = createAgent(isTls, { ...settings, keepAlive: true }, lookup);
  let unsharedAgent: typeof agent | undefined;
  const host = url.hostname.replace(/^\[|\]$/g, ''); // `URL` keeps the brackets of an IPv6 address, `connect` wants none.
  const port = url.port || (isTls ? '443' : '80');
  const origin = {
    protocol: url.protocol,
    agent,
    host,
    port,
    setDefaultHeaders: false,
    maxHeaderSize,
  };
  const kept = keptConnections(agent, maxIdleMs, now);
  const connection = { isTls, dialed: `${host}:${port}`, maxBodyBytes };

  return {
    send: async ({ method, path, headers, body }, deadlineMs) => {
      kept.closeStale();
      // Read once: of two equal timers the one to connect ends first, and its error names the addresses.
      const remainingMs = deadlineMs - now();
      const options: ConnectOptions = {
        ...origin,
        method,
        path,
        headers,
        connectTimeoutMs: remainingMs,
      };
      if (body !== undefined && takesNoContent.has(method)) {
        options.agent = unsharedAgent ??= createAgent(isTls, settings, lookup);
        options.headers = [...headers, 'connection', 'close'];
      }
      const attempt = await sendOnce(request(options), body, connection, remainingMs);
      kept.noteUse();
      return attempt;
    },
    closeIdle: () => kept.closeIdle(),
  };
};

/**
 * Methods for which servers expect no content (RFC 9110 §9.3). A server that ignores the content would read it as the
 * next request on the connection, with any identity that it claims. So such a connection is not reused.
 */
const takesNoContent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);
