import { connect, createServer } from 'node:net';
import { services } from '../demo-upstreams/services.ts';

/**
 * Whether a server could listen on this port of the loopback address. The check takes it for a moment: where a
 * server is about to start, use `isListening`.
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
export const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect({ port, host: '127.0.0.1' });
    probe.once('error', () => resolve(false));
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
  });

const portsBetween = 10;

/** The first port from which on all that a local stack needs are free. */
export const freeStackPort = async (first: number): Promise<number> => {
  const ports = [first, ...Object.keys(services).map((_, index) => first + 1 + index)];
  const areFree = await Promise.all(ports.map(isPortFree));
  return areFree.every(Boolean) ? first : freeStackPort(first + portsBetween);
};
