import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { keptConnections } from '../http/kept-connections.ts';
import { oneReadBuffer } from '../http/one-read-buffer.ts';
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
export type Connect = (url: URL, now: () => number) => Connections;

/**
 * Servers commonly close an idle connection after five seconds or more; Node's agent also heeds a shorter
 * `Keep-Alive: timeout`. One that has been idle for longer is not trusted with a request.
 */
const maxIdleMs = 4_000;

/** Host and port come from the upstream's URL alone, whatever the request says. */
export const createConnections: Connect = (url, now) => {
  const isTls = url.protocol === 'https:';
  const settings = { keepAlive: true, timeout: maxIdleMs, onread: oneReadBuffer };
  const agent = isTls ? new HttpsAgent(settings) : new HttpAgent(settings);
  const open = isTls ? httpsRequest : httpRequest;
  const origin = {
    agent,
    host: url.hostname.replace(/^\[|\]$/g, ''), // `URL` keeps the brackets of an IPv6 address, `connect` wants none.
    port: url.port,
    setDefaultHeaders: false,
    maxHeaderSize,
  };
  const kept = keptConnections(agent, maxIdleMs, now);

  return {
    send: async ({ method, path, headers, body }, timeoutMs) => {
      kept.closeStale();
      const outgoing = open({ ...origin, method, path, headers });
      const attempt = await sendOnce(outgoing, body, { isTls, timeoutMs });
      kept.noteUse();
      return attempt;
    },
  };
};
