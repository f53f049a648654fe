import { services } from '../demo-upstreams/services.ts';
import { isPortFree } from './port.ts';

const portsBetween = 10;

/** The first port from which on all that a local stack needs are free. */
export const freeStackPort = async (first: number): Promise<number> => {
  const ports = [first, ...Object.keys(services).map((_, index) => first + 1 + index)];
  const areFree = await Promise.all(ports.map(isPortFree));
  return areFree.every(Boolean) ? first : freeStackPort(first + portsBetween);
};
