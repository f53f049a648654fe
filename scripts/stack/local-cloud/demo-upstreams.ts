import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeExtension } from '../command-line/folders.ts';
import { portOf, services } from '../demo-upstreams/services.ts';
import type { LocalCloud } from '../environments/local-environment.ts';
import { type Daemon, ensureRunning, stopDaemon } from './daemon.ts';
import { isListening } from './port.ts';

const sourceFolder = join(import.meta.dirname, '../demo-upstreams');

/** Starts the services of the example contract on the ports after the local cloud's. */
export const startDemoUpstreams = async (
  folder: string,
  { port, secret }: LocalCloud,
): Promise<void> => {
  const daemon = upstreamsDaemon(folder);
  const ports = Object.keys(services).map((service) => portOf(service, port));
  await ensureRunning(daemon, {
    what: 'The process of the demo services',
    program: process.execPath,
    args: [join(sourceFolder, `main${codeExtension}`), String(port), daemon.pidFile],
    env: { PATH: process.env['PATH'], LOCAL_SECRET: secret },
    fingerprint: fingerprint(secret),
    ports,
    whatToDo: (taken) =>
      `Port ${taken} is taken by another program; a demo service is to listen there.\n` +
      'Stop it, or move the whole local stack: make deploy ENV=local LOCAL_PORT=4666',
    isUp: async () => (await Promise.all(ports.map(isListening))).every(Boolean),
  });
};

export const stopDemoUpstreams = (folder: string): Promise<void> =>
  stopDaemon(upstreamsDaemon(folder));

const upstreamsDaemon = (folder: string): Daemon => ({
  pidFile: join(folder, 'upstreams.pid'),
  logFile: join(folder, 'upstreams.log'),
});

const fingerprint = (secret: string): string => {
  const hash = createHash('sha256').update(secret);
  for (const file of readdirSync(sourceFolder)) hash.update(readFileSync(join(sourceFolder, file)));
  return hash.digest('hex');
};
