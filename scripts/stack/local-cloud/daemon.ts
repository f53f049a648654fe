import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../command-line/command-error.ts';
import { isPortFree } from './port.ts';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';

/** A program that outlives the command that started it. */
export interface Daemon {
  readonly pidFile: string;
  readonly logFile: string;
}

export interface Start {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Hash of its sources. If it changes, the process must be restarted. */
  readonly fingerprint: string;
}

interface PidFile extends ProcessIdentity {
  readonly fingerprint: string;
}

/** `killed` if it left its pid file: it did not end regularly. */
export type DaemonState =
  | { readonly kind: 'running'; readonly pid: number; readonly fingerprint: string }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'killed' };

export const daemonState = ({ pidFile }: Daemon): DaemonState => {
  if (!existsSync(pidFile)) return { kind: 'stopped' };
  const kept = readPidFile(pidFile);
  if (kept === undefined || !isRunning(kept)) return { kind: 'killed' };
  return { kind: 'running', pid: kept.pid, fingerprint: kept.fingerprint };
};

/** Starts it detached, with its output in its log, and returns at once. */
export const startDaemon = (
  { pidFile, logFile }: Daemon,
  { program, args, env, fingerprint }: Start,
): void => {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  if (child.pid === undefined) throw new Error(`${program} could not be started`);
  writeFileSync(pidFile, JSON.stringify({ ...identityOf(child.pid), fingerprint }));
};

interface Service extends Start {
  /** In a message: `The local cloud`. */
  readonly what: string;
  /** The ports of 127.0.0.1 that it listens on. */
  readonly ports: readonly number[];
  readonly whatToDo: (takenPort: number) => string;
  readonly isUp: () => Promise<boolean>;
}

/**
 * Starts it unless it responds and has not changed, and waits until it responds. Throws if a port is taken, or with the
 * end of its log if it does not come up.
 */
export const ensureRunning = async (daemon: Daemon, service: Service): Promise<void> => {
  const { ports, whatToDo, isUp, fingerprint } = service;
  const state = daemonState(daemon);
  const isSame = state.kind === 'running' && state.fingerprint === fingerprint;
  if (isSame && (await isUp())) return;
  await stopDaemon(daemon);
  const patienceMs = state.kind === 'stopped' ? 0 : 5_000;
  for (const port of ports)
    if (!(await getsFree(port, patienceMs))) throw new CommandError(whatToDo(port));
  startDaemon(daemon, service);
  const deadlineMs = Date.now() + 30_000;
  while (Date.now() < deadlineMs && daemonState(daemon).kind === 'running') {
    if (await isUp()) return;
    await sleep(50);
  }
  const log = readFileSync(daemon.logFile, 'utf8').trim().split('\n').slice(-20).join('\n');
  throw new CommandError(`${service.what} did not start. The end of ${daemon.logFile}:\n${log}`);
};

/** What was killed holds its ports until the last of its threads has ended. */
const getsFree = async (port: number, patienceMs: number): Promise<boolean> => {
  const deadlineMs = Date.now() + patienceMs;
  while (!(await isPortFree(port))) {
    if (Date.now() >= deadlineMs) return false;
    await sleep(20);
  }
  return true;
};

/** Ends it and waits. If it does not end in time, it is killed and recorded as killed. */
export const stopDaemon = async (daemon: Daemon, patienceMs = 20_000): Promise<void> => {
  const state = daemonState(daemon);
  if (state.kind === 'running') {
    process.kill(state.pid, 'SIGTERM');
    const deadline = Date.now() + patienceMs;
    while (daemonState(daemon).kind === 'running' && Date.now() < deadline) await sleep(50);
    if (daemonState(daemon).kind === 'running') return void process.kill(state.pid, 'SIGKILL');
  }
  rmSync(daemon.pidFile, { force: true });
};

const readPidFile = (file: string): PidFile | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PidFile;
  } catch {
    return undefined;
  }
};
