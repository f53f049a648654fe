import { badBuildsCheck } from './bad-builds-check.ts';
import type { Check } from './check.ts';
import { scriptCheck } from './program-check.ts';
import type { TestStack } from './test-stack.ts';

/** A release of changed settings, and the way back; after either a plan has nothing to change. */
export const releaseChecks = (stack: TestStack): readonly Check[] => {
  const variables = { ...stack.variables, TF_VAR_log_level: 'WARN' };
  return [
    scriptCheck('release', 'release.ts', variables, ['PAUSE=2s']),
    scriptCheck('plan has no changes after a release', 'plan.ts', variables),
    scriptCheck('rollback', 'rollback.ts', variables),
    badBuildsCheck(stack),
    scriptCheck('plan has no changes after rollbacks', 'plan.ts', variables),
  ];
};
