import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../command-line/command-error.ts';
import { portOf, services } from '../demo-upstreams/services.ts';
import type { LocalCloud } from '../environments/local-environment.ts';
import { type Daemon, daemonState, startDaemon, stopDaemon } from './daemon.ts';
import { isAnswered, isPortFree } from './port.ts';

const sourceFolder = join(import.meta.dirname, '../demo-upstreams');

/** Starts the services of the example contract on the ports after the local cloud's. */
export const startDemoUpstreams = async (
  folder: string,
  { port, secret }: LocalCloud,
): Promise<void> => {
  const daemon = upstreamsDaemon(folder);
  const state = daemonState(daemon);
  if (state.kind === 'running' && state.fingerprint === fingerprint(secret)) return;
  await stopDaemon(daemon);
  const ports = Object.keys(services).map((service) => portOf(service, port));
  await requireFreePorts(ports);
  startDaemon(daemon, {
    program: process.execPath,
    args: [join(sourceFolder, 'main.ts'), String(port), daemon.pidFile],
    env: { PATH: process.env['PATH'], LOCAL_SECRET: secret },
    fingerprint: fingerprint(secret),
  });
  await waitUntilUp(ports, daemon);
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

const requireFreePorts = async (ports: readonly number[]): Promise<void> => {
  for (const port of ports) {
    if (await isPortFree(port)) continue;
    throw new CommandError(
      `Port ${port} is taken by another program; a demo service is to listen there.\n` +
        'Stop it, or move the whole local stack: make deploy ENV=local LOCAL_PORT=4666',
    );
  }
};

const waitUntilUp = async (ports: readonly number[], daemon: Daemon): Promise<void> => {
  const deadline = Date.now() + 10_000;
  for (const port of ports) {
    while (!(await isAnswered(port))) {
      if (Date.now() > deadline || daemonState(daemon).kind !== 'running') {
        throw new CommandError(`The demo services did not start: see ${daemon.logFile}`);
      }
      await sleep(30);
    }
  }
};
