import { connect, createServer } from 'node:net';

/**
 * Whether a server could listen on this port of the loopback address. For a moment it is taken by the question: where a
 * server is about to start, `isAnswered` asks without being in its way.
 */
export const isPortFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      probe.close(() => resolve(true)),
    );
  });

/** Whether a server listens on this port of the loopback address. */
export const isAnswered = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect({ port, host: '127.0.0.1' });
    probe.once('error', () => resolve(false));
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
  });
