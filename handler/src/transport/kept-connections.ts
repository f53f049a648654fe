import type { Agent } from 'node:http';

/** The connections that an agent keeps between requests. */
export interface KeptConnections {
  noteUse(): void;
  /** Closes the idle ones, so that the next request opens a new one. */
  closeIdle(): void;
  /** Does so if the last use was longer ago than the idle limit. */
  closeStale(): void;
}

/** The agent's own timers stop while Lambda freezes the process; the clock does not. */
export const keptConnections = (
  agent: Agent,
  maxIdleMs: number,
  now: () => number,
): KeptConnections => {
  let usedAtMs = now();
  const closeIdle = (): void => {
    for (const sockets of Object.values(agent.freeSockets)) {
      for (const socket of sockets ?? []) socket.destroy();
    }
  };
  return {
    noteUse: () => (usedAtMs = now()),
    closeIdle,
    closeStale: () => {
      if (now() - usedAtMs > maxIdleMs) closeIdle();
    },
  };
};
