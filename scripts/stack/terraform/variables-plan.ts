import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command-line/command-error.ts';
import { run } from '../command-line/run.ts';
import type { Environment } from '../environments/environment.ts';
import { type Diagnostic, diagnosticsOf } from './diagnostics.ts';
import { planArguments } from './terraform.ts';

export interface Plan {
  /** As given, before they are converted to what is declared. */
  readonly variables: Readonly<Record<string, { readonly value: unknown }>>;
  readonly planned_values: {
    readonly outputs: Readonly<Record<string, { readonly value?: unknown }>>;
  };
}

export const emptyPlan: Plan = { variables: {}, planned_values: { outputs: {} } };

/** Plans these blocks alone with the environment's tfvars; there is nothing in them to read or to make. */
export const planOf = async (
  environment: Environment,
  folder: string,
  blocks: readonly string[],
): Promise<readonly Diagnostic[]> => {
  writeFileSync(join(folder, 'main.tf'), blocks.join('\n'));
  const { exitCode, stdout, stderr } = await run(
    'terraform',
    [`-chdir=${folder}`, 'plan', '-json', '-out=plan', ...planArguments(environment)],
    { env: settingsOf(environment, folder) },
  );
  const diagnostics = diagnosticsOf(stdout);
  if (exitCode !== 0 && diagnostics.length === 0) {
    throw new CommandError(`Terraform could not read the variables.\n${stderr.trim()}`);
  }
  return diagnostics;
};

const settingsOf = ({ variables }: Environment, folder: string): NodeJS.ProcessEnv => ({
  ...variables,
  TF_DATA_DIR: join(folder, '.terraform'),
  TF_IN_AUTOMATION: '1',
  CHECKPOINT_DISABLE: '1',
});

export const planIn = async (environment: Environment, folder: string): Promise<Plan> => {
  const { stdout } = await run('terraform', [`-chdir=${folder}`, 'show', '-json', 'plan'], {
    env: settingsOf(environment, folder),
  });
  return { ...emptyPlan, ...(JSON.parse(stdout) as Partial<Plan>) };
};

/** Terraform names two at most in one run. */
export const undeclaredIn = (diagnostics: readonly Diagnostic[]): readonly string[] =>
  diagnostics.flatMap(({ summary, detail = '' }) => {
    const name = /variable named "([^"]+)"/.exec(detail)?.[1];
    return summary === 'Value for undeclared variable' && name !== undefined ? [name] : [];
  });
