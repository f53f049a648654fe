import { CommandError } from '../../stack/command-line/command-error.ts';
import { takeBack } from '../guard/take-back.ts';
import { watchStep } from '../guard/watch.ts';
import type { Change, StoredTraffic, TrafficTable } from './traffic-table.ts';
import type { TrafficWeights } from '../../../handler/src/stores/traffic/traffic-store.ts';

export interface TrafficChange {
  readonly table: TrafficTable;
  /** From the weights of the table to the new ones. */
  readonly next: (present: TrafficWeights) => TrafficWeights;
  readonly who: string;
  /** What the caller asked for, in make's form. */
  readonly what: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface WatchedChange extends TrafficChange {
  readonly pauseSeconds: number;
  /** Alarms that ring now. */
  readonly ringing: () => Promise<readonly string[]>;
  /** Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Reports what has been done. */
  readonly note: (text: string) => void;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/**
 * Changes the weights and watches the alarms. An alarm, Ctrl-C or any other failure undoes the change, and is passed on.
 * Refuses to begin while an alarm is on or another change is watched.
 */
export const changeWatched = async (change: WatchedChange): Promise<StoredTraffic> => {
  const { table, now, pauseSeconds, ringing, interrupted, note } = change;
  const stored = await table.read();
  if (stored.watchedUntil !== undefined && Date.parse(stored.watchedUntil) > now())
    throw new CommandError(
      `The last change is watched until ${stored.watchedUntil}. Wait for it; if it was interrupted, \`make traffic BACK=1\` undoes it at once.`,
    );
  const rang = await ringing();
  if (rang.length > 0)
    throw new CommandError(
      `These alarms are on: ${rang.join(', ')}. Nothing was changed: a change could not be judged. BACK=1 and RESET=1 work in any case.`,
    );
  const watchedUntil = isoSeconds(now() + pauseSeconds * 1_000);
  const changed = await apply(change, stored, watchedUntil);
  note(`the weights are set; every execution environment has them within ${takenOverSeconds} s`);
  try {
    await watchStep({
      seconds: pauseSeconds,
      ringing,
      rangBefore: [],
      interrupted,
    });
  } catch (error) {
    await undo(change, changed.revision);
    throw error;
  }
  return table.write(changed, { ...changed, watchedUntil: undefined });
};

/** Changes the weights at once: for what ends harm. */
export const changeAtOnce = async (change: TrafficChange): Promise<StoredTraffic> =>
  apply(change, await change.table.read(), undefined);

/** The weights before the newest change; that change is forgotten, so that the next `BACK=1` goes further back. */
export const goBack = async (table: TrafficTable): Promise<Change> => {
  const stored = await table.read();
  const [newest, ...older] = stored.changes;
  if (newest === undefined)
    throw new CommandError('No change of weights is known: there is no way back.');
  await table.write(stored, { weights: newest.before, changes: older });
  return newest;
};

/** Longest time until a busy execution environment reads them again. */
const takenOverSeconds = 10;

const apply = (
  { table, next, who, what, now }: TrafficChange,
  stored: StoredTraffic,
  watchedUntil: string | undefined,
): Promise<StoredTraffic> => {
  const { weights: before, changes } = stored;
  const change = { at: isoSeconds(now()), who, what, before };
  return table.write(stored, {
    weights: next(before),
    changes: [change, ...changes],
    watchedUntil,
  });
};

/** Unchanged only if the weights were changed elsewhere in the meantime. */
const undo = ({ table, pause }: WatchedChange, revision: number): Promise<void> =>
  takeBack(
    async () => {
      if ((await table.read()).revision === revision) await goBack(table);
    },
    'The change could not be undone: run make traffic BACK=1',
    pause,
  );

const isoSeconds = (epochMs: number): string =>
  new Date(epochMs).toISOString().replace(/\.\d+/, '');
