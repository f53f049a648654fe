import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../stack/command-line/command.ts';
import { runScript } from '../stack/command-line/run-script.ts';
import { requireConcurrency } from '../stack/deployment/concurrency.ts';
import { requireVariables } from '../stack/deployment/require-variables.ts';
import { readEnvironment } from '../stack/environments/environment.ts';
import { requireCloud } from '../stack/local-cloud/cloud.ts';
import { nothingDeployed } from '../stack/terraform/deployment.ts';
import { readStateBackend, stateBucketExists } from '../stack/terraform/state-backend.ts';
import { initialise, planArguments, terraform } from '../stack/terraform/terraform.ts';

/** A plan against the state alone reads nothing that stands, and so needs no permission to: for pull requests. */
const refresh = process.env['REFRESH'] === '0' ? ['-refresh=false'] : [];

/** Make ends with 2 for any failure: whoever is only to show the plan asks for 0 where it has changes, too. */
const allowsChanges = process.env['ALLOW_CHANGES'] === '1';

/**
 * What is shown and thrown away takes no lock: it holds up nobody's apply, and whoever plans need not write anywhere.
 * Exit code 0 where nothing would change, 2 where something would, 1 for an error: Terraform's own.
 */
await command(async () => {
  const environment = readEnvironment();
  await requireCloud(environment);
  const backend = await readStateBackend(environment);
  if (!(await stateBucketExists(environment, backend))) throw nothingDeployed(environment);
  await runScript('build.ts');
  const variables = await requireVariables(environment);
  if (refresh.length === 0) await requireConcurrency(environment, variables);
  await initialise(environment, backend);
  const folder = mkdtempSync(join(tmpdir(), 'postern-plan-'));
  const planFile = join(folder, 'plan');
  try {
    const { exitCode } = await terraform(
      environment,
      [
        ...['plan', ...planArguments(environment), '-detailed-exitcode', '-lock=false'],
        ...[`-out=${planFile}`, ...refresh],
      ],
      { expected: [0, 2] },
    );
    await terraform(environment, ['show', planFile], { output: 'to-stdout' });
    return allowsChanges ? 0 : exitCode;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
