import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { note, step } from '../command-line/step.ts';
import { confirm } from '../environments/confirm.ts';
import type { Environment } from '../environments/environment.ts';
import type { EnvironmentLock } from '../environments/environment-lock.ts';
import { terraform } from '../terraform/terraform.ts';

const noChanges = 0;
const changes = 2;

interface Root {
  readonly folder?: string;
  /** Before the names of the steps. */
  readonly title?: string;
  readonly planArguments: readonly string[];
  /** Nothing is there that a plan could show or endanger: it is applied in one go, in half the time. */
  readonly isFirst?: boolean;
  /** Throws if the saved plan must not be applied. */
  readonly check?: (planFile: string) => Promise<void>;
}

/**
 * Applies a root module to an environment. On AWS the plan is shown, and `prod` needs a confirmation.
 */
export const apply = async (
  environment: Environment,
  { alsoHeldBy }: EnvironmentLock,
  root: Root,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-plan-'));
  const planFile = join(folder, 'plan');
  const options = root.folder === undefined ? {} : { folder: root.folder };
  const title = root.title === undefined ? '' : `${root.title}: `;
  const isLocal = environment.local !== undefined;
  try {
    if (root.isFirst) {
      const args = ['apply', ...root.planArguments, '-auto-approve'];
      await step(`${title}apply`, () =>
        terraform(environment, args, { ...options, onStart: alsoHeldBy }),
      );
      return;
    }
    const { exitCode } = await step(`${title}plan`, () =>
      terraform(
        environment,
        ['plan', ...root.planArguments, '-detailed-exitcode', `-out=${planFile}`],
        { ...options, expected: [noChanges, changes], onStart: alsoHeldBy },
      ),
    );
    if (exitCode === noChanges) return note(`${title}nothing to change`);
    await root.check?.(planFile);
    if (!isLocal) {
      await terraform(environment, ['show', planFile], { ...options, output: 'to-stderr' });
      await confirm(environment, 'change');
    }
    await step(`${title}apply`, () =>
      terraform(environment, ['apply', '-input=false', planFile], {
        ...options,
        onStart: alsoHeldBy,
        output: isLocal ? 'keep' : 'to-stderr',
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
