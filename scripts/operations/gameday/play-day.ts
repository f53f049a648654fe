import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Phase } from '../../../load-test/lib/gameday.ts';
import type { LoadTestInput, LoadTestSession, Read } from '../../../load-test/lib/input.ts';
import type { FaultControl } from '../faults/fault-control.ts';
import type { ContractTraffic } from '../k6/contract-traffic.ts';
import { type Finished, runK6 } from '../k6/run-k6.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { packageFolder } from '../../stack/command-line/folders.ts';
import { step } from '../../stack/command-line/step.ts';

interface Day {
  readonly k6: string;
  readonly baseUrl: string;
  readonly traffic: ContractTraffic;
  readonly faults: FaultControl;
  readonly phases: readonly Phase[];
  readonly htmlReport: string;
}

const perSecond = 12;

/** Constant traffic through all phases, with their faults switched on in time. `signal` ends parallel work. */
export const playDay = async (day: Day, beside: AbortController): Promise<Finished> => {
  const { traffic, faults, phases, baseUrl, k6, htmlReport } = day;
  const { input, signOut } = traffic;
  const switching = switchFaults(faults, phases, beside.signal);
  switching.catch(() => undefined); // The failure is seen where it is awaited below.
  try {
    const finished = await runK6({
      k6,
      htmlReport,
      scenarioFile: join(packageFolder, 'load-test', 'scenarios', 'gameday.ts'),
      input: { ...input, baseUrl, gameDay: { phases, perSecond } },
    });
    await switching;
    return finished;
  } finally {
    beside.abort();
    await faults.switchOff();
    await step('sign the users out', signOut);
  }
};

/**
 * Switches on the fault of each phase at its time. None is switched off, because the day also tests that faults end by
 * themselves.
 */
const switchFaults = async (
  faults: FaultControl,
  phases: readonly Phase[],
  signal: AbortSignal,
): Promise<void> => {
  for (const { fault, startsAtMs, endsAtMs } of phases) {
    if (fault === undefined) continue;
    await sleep(Math.max(0, startsAtMs - Date.now()), undefined, { signal });
    const { kind, routes, percent, latencyMs, status } = fault;
    await faults.switchOn({ kind, routes, percent, latencyMs, status, endsAtMs });
  }
};

const callers = 12;
const wellInARow = 4;
const patienceMs = 90_000;

/** As many concurrent calls as a slow service will need, until all responses were in time several times in a row. */
export const warmUp = async (
  baseUrl: string,
  { members, reads }: Pick<LoadTestInput, 'members' | 'reads'>,
): Promise<void> => {
  const [read] = reads;
  if (read === undefined) return;
  const deadline = Date.now() + patienceMs;
  const call = async (user: LoadTestSession): Promise<void> => {
    for (let well = 0; well < wellInARow;) {
      if (Date.now() > deadline)
        throw new CommandError(
          'The gateway is not well enough for a game day: it fails without a fault.',
        );
      well = (await isServedInTime(baseUrl, read, user)) ? well + 1 : 0;
    }
  };
  await Promise.all(members.slice(0, callers).map(call));
};

const isServedInTime = async (
  baseUrl: string,
  { path, headers }: Read,
  { token }: LoadTestSession,
): Promise<boolean> => {
  const startedAt = performance.now();
  const response = await fetch(`${baseUrl}${path}`, {
    headers: { ...headers, authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(30_000),
  }).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.ok === true && performance.now() - startedAt < 1_000;
};
