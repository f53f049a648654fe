import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkDeletes } from '../operations/release/check-plan.ts';
import { readPlan } from '../operations/release/keep-serving-version.ts';
import { withKeptPermissions } from '../operations/release/kept-permissions.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { requireConcurrency } from '../stack/deployment/concurrency.ts';
import { buildFor, requireUpstreamUrls } from '../stack/deployment/build-for.ts';
import { requireUpstreamTargets } from '../stack/deployment/upstream-targets.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import { requireCloud } from '../stack/local-cloud/cloud.ts';
import { nothingDeployed } from '../stack/terraform/deployment.ts';
import { readStateBackend, stateBucketExists } from '../stack/terraform/state-backend.ts';
import { initialise, planArguments, terraform } from '../stack/terraform/terraform.ts';

/**
 * A plan that is only shown needs no lock, so it delays no apply and needs no write permission. Exit code 0 where
 * nothing would change, 2 where something would, 1 for an error: Terraform's own. A plan that a deploy refuses is one.
 */
await environmentCommand('plan', async (environment, args) => {
  // A plan against the state alone reads no resource, and so needs no permission to: for pull requests.
  const refreshes = flag(args.REFRESH, 'REFRESH', true);
  const refresh = refreshes ? [] : ['-refresh=false'];
  // Make exits with 2 for any failure: a job that only shows the plan needs 0 even with changes.
  const allowsChanges = flag(args.ALLOW_CHANGES, 'ALLOW_CHANGES');
  await requireCloud(environment);
  const backend = await readStateBackend(environment);
  if (!(await stateBucketExists(environment, backend))) throw nothingDeployed(environment);
  const built = await buildFor(environment);
  requireUpstreamUrls(environment, built);
  if (refreshes) {
    await requireConcurrency(environment, built.variables);
    await requireUpstreamTargets(environment, built);
  }
  await initialise(environment, backend);
  const folder = mkdtempSync(join(tmpdir(), 'postern-plan-'));
  const planFile = join(folder, 'plan');
  try {
    const { exitCode } = await terraform(
      await withKeptPermissions(environment, { readsAlias: refreshes }),
      [
        ...['plan', ...planArguments(environment), '-detailed-exitcode', '-lock=false'],
        ...[`-out=${planFile}`, ...refresh],
      ],
      { expected: [0, 2] },
    );
    await terraform(environment, ['show', planFile], { output: 'to-stdout' });
    if (refreshes) await checkDeletes(environment, await readPlan(environment, planFile));
    return allowsChanges ? 0 : exitCode;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
