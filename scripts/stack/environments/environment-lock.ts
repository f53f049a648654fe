import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, Killed } from '../command-line/command-error.ts';
import { identityOf, isRunning, type ProcessIdentity } from '../local-cloud/process-identity.ts';

/** What a command that changes an environment is given while it has it to itself. */
export interface EnvironmentLock {
  /** An earlier command was killed at its work, so that state and reality may differ. */
  readonly wasInterrupted: boolean;
  /** Terraform may outlive the command that started it, and works on. */
  readonly alsoHeldBy: (pid: number) => void;
}

/**
 * Lets one command of this machine at a time change an environment. Machines are kept apart by the lock on the
 * Terraform state; this one is for cases that the state does not show, such as a killed command.
 */
export const withEnvironmentLock = async <T>(
  folder: string,
  work: (lock: EnvironmentLock) => Promise<T>,
): Promise<T> => {
  const file = `${folder}.lock`;
  const earlier = readHolders(file);
  const alive = earlier?.find(isRunning);
  if (alive !== undefined) {
    throw new CommandError(
      `Another command is at work on this environment (process ${alive.pid}). Wait for it to end.`,
    );
  }
  const held: ProcessIdentity[] = [];
  const alsoHeldBy = (pid: number): void => {
    held.push(identityOf(pid));
    // Of two commands that begin at the same moment, only one makes the file.
    const flag = held.length === 1 && earlier === undefined ? 'wx' : 'w';
    writeFileSync(file, JSON.stringify(held), { flag });
  };
  mkdirSync(join(folder, '..'), { recursive: true });
  alsoHeldBy(process.pid);
  let isOrderly = true;
  try {
    return await work({ wasInterrupted: earlier !== undefined, alsoHeldBy });
  } catch (error) {
    isOrderly = !(error instanceof Killed);
    throw error;
  } finally {
    if (isOrderly) rmSync(file, { force: true });
  }
};

const readHolders = (file: string): readonly ProcessIdentity[] | undefined => {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as readonly ProcessIdentity[];
  } catch {
    return [];
  }
};
