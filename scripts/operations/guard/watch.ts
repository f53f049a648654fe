import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../../stack/command-line/command-error.ts';

/** What the watch saw: k6's figures, and how many alarms were looked at. */
export type StepFigures = Readonly<Record<string, number>>;

export interface Watch {
  readonly seconds: number;
  /** How often the alarms are looked at; in a short step twice, unless given. */
  readonly betweenLooksMs?: number;
  /** Alarms that ring now. */
  readonly ringing: () => Promise<readonly string[]>;
  /** Those that rang before: a fix must be releasable while they do. */
  readonly rangBefore: readonly string[];
  /** k6's smoke run over this many seconds. Throws if it fails. Absent: the alarms alone are watched. */
  readonly smoke?: (seconds: number, signal: AbortSignal) => Promise<StepFigures>;
  /** Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/** The reason why a step was stopped. */
export class Stopped extends CommandError {
  readonly by: 'direct check' | 'alarm' | 'smoke run' | 'interrupt';

  constructor(by: Stopped['by'], message: string) {
    super(message);
    this.by = by;
  }
}

/** Watches one step to its end. An alarm or Ctrl-C ends it at once, and the smoke run with it. */
export const watchStep = async (watch: Watch): Promise<StepFigures> => {
  const { seconds, smoke = nothingToRun, interrupted } = watch;
  if (interrupted.aborted) throw new Stopped('interrupt', 'It was interrupted.');
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, interrupted]);
  const running = smoke(seconds, signal);
  running.catch(() => undefined); // If an alarm is first, k6 is ended, and fails.
  try {
    const alarms = lookAtAlarms(watch, signal);
    const [figures] = await Promise.all([running, alarms]);
    return { ...figures, alarm_looks: await alarms };
  } catch (error) {
    if (interrupted.aborted) throw new Stopped('interrupt', 'It was interrupted.');
    throw error;
  } finally {
    ended.abort();
    await running.catch(() => undefined);
  }
};

const nothingToRun = async (): Promise<StepFigures> => ({});

/** How often it looked; at least once, and at the very end. */
const lookAtAlarms = async (
  { seconds, betweenLooksMs = Math.min(10_000, seconds * 500), ringing, rangBefore }: Watch,
  signal: AbortSignal,
): Promise<number> => {
  const looks = Math.max(1, Math.ceil((seconds * 1000) / betweenLooksMs));
  for (let look = 0; look < looks; look += 1) {
    await sleep(Math.min(betweenLooksMs, seconds * 1000), undefined, { signal });
    const fresh = (await ringing()).filter((name) => !rangBefore.includes(name));
    if (fresh.length > 0) throw new Stopped('alarm', `These alarms are on: ${fresh.join(', ')}.`);
  }
  return looks;
};

/** Aborts at Ctrl-C and its kin, which then no longer end the process: there is traffic to move back first. */
export const interrupts = (): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => controller.abort());
  }
  return controller.signal;
};
