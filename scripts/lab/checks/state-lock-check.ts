import { planArguments, terraform } from '../../stack/terraform/terraform.ts';
import { startWaitingApply } from '../../stack/terraform/waiting-apply.ts';
import { type Check, failed, passed } from './check.ts';
import type { TestStack } from './test-stack.ts';

/** While one apply has the state and waits for its answer, a second one is refused. */
export const stateLockCheck = ({ environment }: TestStack): Check => ({
  name: 'the state lock refuses a second apply',
  run: async () => {
    const first = await startWaitingApply(environment);
    try {
      const second = await terraform(
        environment,
        ['apply', ...planArguments(environment), '-auto-approve'],
        {
          expected: [0, 1],
        },
      );
      const isRefused =
        second.exitCode === 1 &&
        second.diagnostics.some(({ summary }) => summary === 'Error acquiring the state lock');
      return isRefused
        ? passed
        : failed(`the second apply was not refused:\n${second.stdout}${second.stderr}`);
    } finally {
      await first.refuse();
    }
  },
});
