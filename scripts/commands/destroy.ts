import { existsSync } from 'node:fs';
import { buildPlaces } from '../stack/build/build-places.ts';
import { buildFor } from '../stack/deployment/build-for.ts';
import { note, step } from '../stack/command-line/step.ts';
import { requireUnprotected } from '../stack/deployment/deletion-protection.ts';
import { removeLocalStack } from '../stack/deployment/local-stack.ts';
import { confirm } from '../stack/environments/confirm.ts';
import type { Environment } from '../stack/environments/environment.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import {
  type EnvironmentLock,
  withEnvironmentLock,
} from '../stack/environments/environment-lock.ts';
import { isCloudRunning, requireCloud } from '../stack/local-cloud/cloud.ts';
import { findDeployment } from '../stack/terraform/deployment.ts';
import { requireTerraform } from '../stack/terraform/find-terraform.ts';
import { readStateBackend, stateBucketExists } from '../stack/terraform/state-backend.ts';
import { initialise, planArguments, terraform } from '../stack/terraform/terraform.ts';

await environmentCommand('destroy', async (environment) => {
  const { local, folder } = environment;
  await requireTerraform();
  await confirm(environment, 'remove everything in', 'destruction');
  const removed = await withEnvironmentLock(folder, async (lock) => {
    // A cloud of ours that does not run has nothing but its folder.
    const isThere = !local?.isOurs || isCloudRunning(folder);
    const count = isThere ? await destroy(environment, lock) : 0;
    if (local) {
      await step('stop the local cloud and the demo services', () => removeLocalStack(folder));
    } else {
      note('The bucket with the Terraform state stays: it keeps the history.');
    }
    return count;
  });
  console.log(`${removed} resources of ${environment.name} were removed.`);
});

/** How many resources were removed. */
async function destroy(environment: Environment, { alsoHeldBy }: EnvironmentLock): Promise<number> {
  await requireCloud(environment);
  const backend = await readStateBackend(environment);
  if (!(await stateBucketExists(environment, backend))) return 0;
  // The plan of a removal, too, reads what the last build says about the zip.
  if (!existsSync(buildPlaces.summaryFile)) await buildFor(environment);
  await step('terraform init', () => initialise(environment, backend));
  const deployment = await findDeployment(environment);
  if (deployment) await requireUnprotected(environment, deployment);
  const { stdout } = await terraform(environment, ['state', 'list'], { expected: [0, 1] });
  await step('terraform destroy', () =>
    terraform(environment, ['destroy', ...planArguments(environment), '-auto-approve'], {
      onStart: alsoHeldBy,
      output: environment.local ? 'keep' : 'to-stderr',
    }),
  );
  return stdout.split('\n').filter((address) => address !== '' && !address.includes('data.'))
    .length;
}
