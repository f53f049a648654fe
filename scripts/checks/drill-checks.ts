import { projectFolder } from '../command-line/folders.ts';
import type { Drill } from '../drill/drill.ts';
import { type DrillStack, outsideOfMake, shellWith } from '../drill/drill-stack.ts';
import { expiredLock } from '../drill/drills/expired-lock.ts';
import { restoreState } from '../drill/drills/restore-state.ts';
import { rehearse } from '../drill/rehearse.ts';
import { type Check, failed, passed } from './check.ts';
import type { TestStack } from './test-stack.ts';

/** The drills that take seconds; `make drill` has them all. */
export const drillChecks = ({ environment, variables }: TestStack): readonly Check[] => {
  const { LOCAL_FOLDER, LOCAL_PORT, LOCAL_ACCOUNT_ID } = variables;
  const stack: DrillStack = {
    environment,
    home: projectFolder,
    checkout: projectFolder,
    shell: shellWith({ ...outsideOfMake(), LOCAL_FOLDER, LOCAL_PORT, LOCAL_ACCOUNT_ID }),
  };
  return [restoreState, expiredLock].map((drill) => drillCheck(drill, stack));
};

const drillCheck = (drill: Drill, stack: DrillStack): Check => ({
  name: `drill: ${drill.runbook}`,
  run: async () => {
    const { verdict, finding } = await rehearse(drill, stack);
    return verdict === 'passed' ? passed : failed(finding);
  },
});
