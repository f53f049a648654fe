import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPlaces } from '../build/build-places.ts';
import { codeExtension } from '../command-line/folders.ts';
import { portOf, services } from '../demo-upstreams/services.ts';
import type { Environment } from '../environments/environment.ts';
import type { LocalCloud } from '../environments/local-environment.ts';
import { mockUrl } from '../mock-upstreams/mock-upstreams.ts';
import { type Daemon, ensureRunning, stopDaemon } from './daemon.ts';
import { isListening } from './port.ts';

type LocalEnvironment = Environment & { readonly local: LocalCloud };

/** A program that stands for upstreams: its sources, its arguments, what it serves, and where. */
interface Program {
  readonly what: string;
  readonly sourceFolder: string;
  readonly args: (pidFile: string) => readonly string[];
  /** Files that it reads at its start. */
  readonly inputs: readonly string[];
  readonly ports: readonly number[];
}

/**
 * Starts what stands for the upstreams, on the ports after the local cloud's: in this repository the services of the
 * example contract; in a project mocks of the built contract, which respond with its examples.
 */
export const startLocalUpstreams = async ({
  folder,
  local,
  settings,
}: LocalEnvironment): Promise<void> => {
  const daemon = upstreamsDaemon(folder);
  const program = settings === undefined ? demoProgram(local) : mockProgram(local);
  const { what, sourceFolder, args, ports } = program;
  await ensureRunning(daemon, {
    what: `The process of the ${what}`,
    program: process.execPath,
    args: [join(sourceFolder, `main${codeExtension}`), ...args(daemon.pidFile)],
    env: { PATH: process.env['PATH'], LOCAL_SECRET: local.secret },
    fingerprint: fingerprint(program, local.secret),
    ports,
    whatToDo: (taken) =>
      `Port ${taken} is taken by another program; the ${what} are to listen there.\n` +
      'Stop it, or move the whole local stack: make deploy ENV=local LOCAL_PORT=4666',
    isUp: async () => (await Promise.all(ports.map(isListening))).every(Boolean),
  });
};

export const stopLocalUpstreams = (folder: string): Promise<void> =>
  stopDaemon(upstreamsDaemon(folder));

/** Where the mocks of a project's upstreams are. */
export const mockUrls = (
  local: LocalCloud,
  upstreams: readonly string[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(upstreams.map((name) => [name, mockUrl(mockPort(local), name).href]));

const mockPort = ({ port }: LocalCloud): number => port + 1;

const demoProgram = ({ port }: LocalCloud): Program => ({
  what: 'demo services',
  sourceFolder: join(import.meta.dirname, '../demo-upstreams'),
  args: (pidFile) => [String(port), pidFile],
  inputs: [],
  ports: Object.keys(services).map((service) => portOf(service, port)),
});

const mockProgram = (local: LocalCloud): Program => ({
  what: 'mocked upstreams',
  sourceFolder: join(import.meta.dirname, '../mock-upstreams'),
  args: (pidFile) => [String(mockPort(local)), pidFile, buildPlaces.generatedFolder],
  inputs: ['contract.js', 'openapi.json'].map((file) => join(buildPlaces.generatedFolder, file)),
  ports: [mockPort(local)],
});

const upstreamsDaemon = (folder: string): Daemon => ({
  pidFile: join(folder, 'upstreams.pid'),
  logFile: join(folder, 'upstreams.log'),
});

const fingerprint = ({ sourceFolder, inputs }: Program, secret: string): string => {
  const hash = createHash('sha256').update(secret);
  const sources = readdirSync(sourceFolder).map((file) => join(sourceFolder, file));
  for (const file of [...sources, ...inputs]) hash.update(readFileSync(file));
  return hash.digest('hex');
};
