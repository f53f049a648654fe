import { bootstrap, bootstrapOutputs } from '../stack/deployment/remote-state.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import { withEnvironmentLock } from '../stack/environments/environment-lock.ts';
import { requireCloud } from '../stack/local-cloud/cloud.ts';
import { requireTerraform } from '../stack/terraform/find-terraform.ts';
import { readStateBackend } from '../stack/terraform/state-backend.ts';

/** Creates what an account needs before the first deployment. `make deploy` does the same if it is missing. */
await environmentCommand('bootstrap', async (environment) => {
  await requireCloud(environment);
  await requireTerraform();
  const backend = await readStateBackend(environment);
  const { roleArns, boundaryArns } = await withEnvironmentLock(environment.folder, async (lock) => {
    await bootstrap(environment, backend, lock);
    return bootstrapOutputs(environment);
  });
  const variables = Object.entries(roleArns).flatMap(([name, arns]) =>
    Object.entries(arns).map(([role, arn]) => [variableOf(name, role), arn] as const),
  );
  if (variables.length > 0) {
    console.log("GitHub's variables:");
    for (const [name, value] of [['AWS_REGION', backend.region] as const, ...variables])
      console.log(`  gh variable set ${name} --body ${value}`);
  }
  for (const [name, arn] of Object.entries(boundaryArns))
    console.log(`${name}.tfvars: permissions_boundary_arn = "${arn}"`);
  console.log(`The Terraform state is in ${backend.bucket}.`);
});

/** As the workflows name it: AWS_DEV_APPLY_ROLE_ARN. */
function variableOf(environment: string, role: string): string {
  return `AWS_${environment.toUpperCase().replaceAll('-', '_')}_${role.toUpperCase()}_ROLE_ARN`;
}
