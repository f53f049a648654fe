import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** A process id alone may have passed to another process; with its start time it has not. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

export const identityOf = (pid: number): ProcessIdentity => ({
  pid,
  startedAt: startTime(pid) ?? '',
});

export const isRunning = ({ pid, startedAt }: ProcessIdentity): boolean =>
  startTime(pid) === startedAt;

/** Undefined if there is no such process, or only a zombie. */
const startTime = (pid: number): string | undefined =>
  existsSync('/proc/self/stat') ? startTimeFromProc(pid) : startTimeFromPs(pid);

const startTimeFromProc = (pid: number): string | undefined => {
  try {
    // The second field is the program's name in parentheses and may hold anything: count from its end.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? undefined : rest[18];
  } catch {
    return undefined;
  }
};

const startTimeFromPs = (pid: number): string | undefined => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
  });
  const [state, ...rest] = stdout.trim().split(/\s+/);
  return state === undefined || state === '' || state.startsWith('Z') ? undefined : rest.join(' ');
};
