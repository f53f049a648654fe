import http, { type RequestOptions } from 'node:http';
import https from 'node:https';

/** Keep-alive connections to one upstream. */
export interface Connections {
  /** Begins a request. The caller ends it, listens to it, and destroys it where it has waited long enough. */
  open(options: RequestOptions): http.ClientRequest;
}

/**
 * Servers commonly close an idle connection after five seconds or more, and Lambda freezes the process in between, so
 * that nobody notices. One that has been idle for longer than this is not trusted with a request.
 */
const idleMs = 4_000;

export const createConnections = (url: URL, now: () => number): Connections => {
  const client = url.protocol === 'https:' ? https : http;
  const agent = new client.Agent({ keepAlive: true, scheduling: 'lifo' });
  let usedAtMs = now();

  return {
    open: (options) => {
      const nowMs = now();
      if (nowMs - usedAtMs > idleMs) closeIdle(agent);
      usedAtMs = nowMs;
      return client.request({
        ...options,
        agent,
        protocol: url.protocol,
        hostname: url.hostname.replace(/^\[|\]$/g, ''), // `URL` keeps the brackets of an IPv6 address, `connect` wants none.
        port: url.port,
        setDefaultHeaders: false,
      });
    },
  };
};

const closeIdle = (agent: http.Agent): void => {
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy();
  }
};
