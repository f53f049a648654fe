import { join } from 'node:path';
import { workFolder } from '../command-line/folders.ts';
import { services } from '../demo-upstreams/services.ts';
import { removeLocalStack } from '../deployment/local-stack.ts';
import { type Environment, readEnvironment } from '../environments/environment.ts';
import type { LocalCloud } from '../environments/local-environment.ts';
import { isPortFree } from '../local-cloud/port.ts';

/** A local stack for tests alone: its own ports, account and folder, so that one that somebody has running is left alone. */
export interface TestStack {
  readonly environment: Environment & { readonly local: LocalCloud };
  /** For commands that are to work on it. */
  readonly variables: NodeJS.ProcessEnv;
}

const folder = 'test';
const firstPort = 14_566;
const portsBetween = 10;

/** Clears away what an earlier run left that was cut off. */
export const newTestStack = async (): Promise<TestStack> => {
  await removeTestStack();
  const variables: NodeJS.ProcessEnv = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
    ENV: 'local',
    LOCAL_FOLDER: folder,
    LOCAL_PORT: String(await freePort()),
    LOCAL_ACCOUNT_ID: '111111111111',
  };
  const environment = readEnvironment(variables);
  const { local } = environment;
  if (local === undefined) throw new Error('ENV=local is not local');
  return { environment: { ...environment, local }, variables };
};

export const removeTestStack = (): Promise<void> => removeLocalStack(join(workFolder, folder));

/** The first port from which on all that a stack needs are free. */
const freePort = async (port = firstPort): Promise<number> => {
  const ports = [port, ...Object.keys(services).map((_, index) => port + 1 + index)];
  const areFree = await Promise.all(ports.map(isPortFree));
  return areFree.every(Boolean) ? port : freePort(port + portsBetween);
};
