import { setTimeout as sleep } from 'node:timers/promises';
import type { Phase } from '../../../load-test/lib/gameday.ts';
import type { FaultDesk } from '../../operations/faults/fault-desk.ts';

/** Switches each phase's fault on at its time. None is switched off: that they end by themselves is part of the day. */
export const switchFaults = async (
  desk: FaultDesk,
  phases: readonly Phase[],
  signal: AbortSignal,
): Promise<void> => {
  for (const { fault, startsAtMs, endsAtMs } of phases) {
    if (fault === undefined) continue;
    await sleep(Math.max(0, startsAtMs - Date.now()), undefined, { signal });
    const { kind, routes, percent, latencyMs, status } = fault;
    await desk.switchOn({ kind, routes, percent, latencyMs, status, endsAtMs });
  }
};
