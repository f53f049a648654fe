import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { note, step } from '../command-line/step.ts';
import { confirm } from '../environments/confirm.ts';
import type { Environment } from '../environments/environment.ts';
import type { Exclusive } from '../environments/exclusively.ts';
import { planArguments, terraform } from '../terraform/terraform.ts';
import { checkPlan } from './check-plan.ts';

const noChanges = 0;
const changes = 2;

/** Brings an environment to what the Terraform says. On AWS the plan is shown, and in `prod` asked about. */
export const apply = async (environment: Environment, { alsoHeldBy }: Exclusive): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-plan-'));
  const planFile = join(folder, 'plan');
  const isLocal = environment.local !== undefined;
  try {
    const { exitCode } = await step('plan', () =>
      terraform(
        environment,
        ['plan', ...planArguments(environment), '-detailed-exitcode', `-out=${planFile}`],
        { expected: [noChanges, changes], onStart: alsoHeldBy },
      ),
    );
    if (exitCode === noChanges) return note('nothing to change');
    await checkPlan(environment, planFile);
    if (!isLocal) {
      await terraform(environment, ['show', planFile], { output: 'to-stderr' });
      await confirm(environment, 'change');
    }
    await step('apply', () =>
      terraform(environment, ['apply', '-input=false', planFile], {
        onStart: alsoHeldBy,
        output: isLocal ? 'keep' : 'to-stderr',
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
