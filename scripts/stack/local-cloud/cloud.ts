import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError } from '../command-line/command-error.ts';
import type { Environment } from '../environments/environment.ts';
import { type LocalCloud, rootKeyId } from '../environments/local-environment.ts';
import { type Daemon, daemonState, ensureRunning, stopDaemon } from './daemon.ts';
import { requirementsHash, venvPython } from './python.ts';
import { readSecret } from './secret.ts';

interface Stack {
  readonly folder: string;
  readonly local: LocalCloud;
}

const emulatorFile = join(import.meta.dirname, 'emulator.py');
const emulatorModules = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.py') && !file.startsWith('test_'))
  .map((file) => join(import.meta.dirname, file));

/** Starts the local cloud if it is not running. It keeps its state after a regular stop. */
export const startCloud = async (stack: Stack): Promise<void> => {
  const { folder, local } = stack;
  if (!local.isOurs) return requireResponse(local);
  makeTemporaryFolder(folder);
  await ensureRunning(cloudDaemon(folder), {
    what: 'The local cloud',
    program: venvPython,
    args: [emulatorFile],
    env: emulatorVariables(stack),
    fingerprint: fingerprint(local),
    ports: [local.port],
    whatToDo: (port) =>
      `Port ${port} is taken by another program (\`lsof -i :${port}\` shows which).\n` +
      'Stop it, or choose another port: make deploy ENV=local LOCAL_PORT=4666\n' +
      `If it is an emulator of AWS that you want to use: export AWS_ENDPOINT_URL=http://127.0.0.1:${port}`,
    isUp: () => isHealthy(local),
  });
};

export const stopCloud = (folder: string): Promise<void> => stopDaemon(cloudDaemon(folder));

/** Whether it did not end regularly: its stored state is then incomplete. */
export const wasCloudKilled = (folder: string): boolean =>
  daemonState(cloudDaemon(folder)).kind === 'killed';

export const isCloudRunning = (folder: string): boolean =>
  daemonState(cloudDaemon(folder)).kind === 'running';

/** Throws if an environment is local and the local cloud is not running. */
export const requireCloud = async ({ folder, local }: Environment): Promise<void> => {
  if (local === undefined) return;
  if (!local.isOurs) return requireResponse(local);
  const deploy = `make deploy ENV=local${local.chosenPort ? ` LOCAL_PORT=${local.chosenPort}` : ''}`;
  if (!isCloudRunning(folder)) {
    throw new CommandError(
      `The local cloud is not running on port ${local.port}. Start it: ${deploy}`,
    );
  }
  if (readSecret(folder) === local.secret) return;
  throw new CommandError(
    `The local cloud on port ${local.port} was started without the secret that its commands need now, by an ` +
      `earlier version or with another LOCAL_SECRET.\nStart it again, which keeps what it has: ${deploy}`,
  );
};

const cloudDaemon = (folder: string): Daemon => ({
  pidFile: join(folder, 'cloud.pid'),
  logFile: join(folder, 'cloud.log'),
});

/** Functions are unpacked here; without their own package.json, Node would treat them as part of this project. */
const makeTemporaryFolder = (folder: string): void => {
  mkdirSync(join(folder, 'tmp'), { recursive: true });
  writeFileSync(join(folder, 'tmp', 'package.json'), '{ "type": "commonjs" }\n');
};

/** A clean environment, because functions run as children of the emulator and inherit its environment. */
const emulatorVariables = ({ folder, local }: Stack): NodeJS.ProcessEnv => ({
  // Functions run on the first `node` of the path, which is to be Lambda's own major version.
  PATH: [dirname(process.execPath), process.env['PATH']].join(':'),
  HOME: folder,
  TMPDIR: join(folder, 'tmp'),
  LANG: 'C.UTF-8',
  PYTHONDONTWRITEBYTECODE: '1',
  BIND_HOST: '127.0.0.1',
  GATEWAY_PORT: String(local.port),
  MINISTACK_ACCOUNT_ID: local.accountId,
  // Unknown keys are refused and IAM policies enforced, as on AWS.
  AUTH: 'true',
  PERSIST_STATE: '1',
  STATE_DIR: join(folder, 'state'),
  S3_PERSIST: '1',
  S3_DATA_DIR: join(folder, 's3'),
  PID_FILE: cloudDaemon(folder).pidFile,
  ROOT_KEY_ID: rootKeyId(local),
  LOCAL_SECRET: local.secret,
});

const fingerprint = ({ secret }: LocalCloud): string =>
  emulatorModules
    .reduce(
      (hash, file) => hash.update(readFileSync(file)),
      createHash('sha256').update(requirementsHash()).update(secret),
    )
    .digest('hex');

const isHealthy = async ({ endpoint, secret }: LocalCloud): Promise<boolean> => {
  try {
    const { ok } = await fetch(`${endpoint}/_ministack/health`, {
      headers: { authorization: `Bearer ${secret}` },
      signal: AbortSignal.timeout(30_000),
    });
    return ok;
  } catch {
    return false;
  }
};

const requireResponse = async ({ endpoint }: LocalCloud): Promise<void> => {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(30_000) });
  } catch (cause) {
    throw new CommandError(
      `Nothing responds at AWS_ENDPOINT_URL=${endpoint}. Start it there, or unset the variable and ` +
        'a local cloud is started for you.',
      { cause },
    );
  }
};
