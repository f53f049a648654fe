import { bootstrapCheck } from './bootstrap-check.ts';
import type { Check } from './check.ts';
import { drillCheck } from './drill-check.ts';
import { githubRolesChecks } from './github-roles-checks.ts';
import { jestCheck } from './jest-check.ts';
import { killedWorkersCheck } from './killed-workers-check.ts';
import { leftoversCheck } from './leftovers-check.ts';
import { scriptCheck } from './program-check.ts';
import { interruptedDeployCheck, killedCloudCheck } from './recovery-checks.ts';
import { releaseChecks } from './release-checks.ts';
import { stateLockCheck } from './state-lock-check.ts';
import type { TestStack } from './test-stack.ts';

/** All of them, and for longer: `make gameday`. */
const twoShortFaults = ['KIND=error,store-throttled', 'FOR=3s'];

/** What only a deployed stack can show, in the order of its life. */
export const stackChecks = (stack: TestStack): readonly Check[] => {
  const { variables } = stack;
  return [
    interruptedDeployCheck(stack),
    jestCheck('integration tests', ['--selectProjects', 'integration', '--runInBand'], variables),
    scriptCheck('plan has no changes after a deploy', 'plan.ts', variables),
    bootstrapCheck(stack),
    drillCheck(stack),
    ...releaseChecks(stack), // Last of those that plan: it leaves a setting changed.
    stateLockCheck(stack),
    scriptCheck('load test: smoke', 'loadtest.ts', variables, ['SCENARIO=smoke']),
    scriptCheck('game day: two faults', 'gameday.ts', variables, twoShortFaults),
    killedWorkersCheck(stack),
    killedCloudCheck(stack),
    leftoversCheck(stack),
    ...githubRolesChecks(stack), // On what a destroy has left: nothing.
    scriptCheck('destroy stops the local cloud', 'destroy.ts', variables),
  ];
};
