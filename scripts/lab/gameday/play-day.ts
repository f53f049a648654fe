import { join } from 'node:path';
import type { Phase } from '../../../load-test/lib/gameday.ts';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { step } from '../../stack/command-line/step.ts';
import type { FaultDesk } from '../../operations/faults/fault-desk.ts';
import type { ContractTraffic } from '../../operations/k6/contract-traffic.ts';
import { type Finished, runK6 } from '../../operations/k6/run-k6.ts';
import { switchFaults } from './switch-faults.ts';

interface Day {
  readonly k6: string;
  readonly baseUrl: string;
  readonly traffic: ContractTraffic;
  readonly desk: FaultDesk;
  readonly phases: readonly Phase[];
  readonly htmlReport: string;
}

const perSecond = 12;

/** Steady traffic through all phases, with their faults switched on in time. `signal` ends what runs beside it. */
export const playDay = async (day: Day, beside: AbortController): Promise<Finished> => {
  const { traffic, desk, phases, baseUrl, k6, htmlReport } = day;
  const { input, signOut } = traffic;
  const switching = switchFaults(desk, phases, beside.signal);
  switching.catch(() => undefined); // Whoever awaits it below sees the failure.
  try {
    const finished = await runK6({
      k6,
      htmlReport,
      scenarioFile: join(projectFolder, 'load-test', 'scenarios', 'gameday.ts'),
      input: { ...input, baseUrl, gameDay: { phases, perSecond } },
    });
    await switching;
    return finished;
  } finally {
    beside.abort();
    await desk.switchOff();
    await step('sign the users out', signOut);
  }
};
