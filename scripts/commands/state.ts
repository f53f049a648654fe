import { asTyped } from '../stack/command-line/as-typed.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { confirm } from '../stack/environments/confirm.ts';
import type { Environment } from '../stack/environments/environment.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import { withEnvironmentLock } from '../stack/environments/environment-lock.ts';
import { requireCloud } from '../stack/local-cloud/cloud.ts';
import { nothingDeployed } from '../stack/terraform/deployment.ts';
import { readStateBackend, type StateBackend } from '../stack/terraform/state-backend.ts';
import { withStateLock } from '../stack/terraform/state-lock.ts';
import {
  readStateVersions,
  restoreStateVersion,
  type StateVersion,
} from '../stack/terraform/state-versions.ts';

/** Lists the versions of the Terraform state in the bucket. `RESTORE=<version>` makes one of them current. */
await environmentCommand('state', async (environment, args) => {
  await requireCloud(environment);
  const backend = await readStateBackend(environment);
  const versions = await readStateVersions(environment, backend);
  if (versions.length === 0) throw nothingDeployed(environment);
  const { RESTORE: id } = args;
  if (id === undefined) return versions.forEach((version) => console.log(describe(version)));
  await restore(environment, backend, choose(versions, id));
});

async function restore(
  environment: Environment,
  backend: StateBackend,
  version: StateVersion,
): Promise<void> {
  await confirm(environment, 'replace the Terraform state of', 'destruction');
  await withEnvironmentLock(environment.folder, () =>
    withStateLock(environment, backend, () =>
      restoreStateVersion(environment, backend, version.id),
    ),
  );
  console.log(`The state is again ${describe(version)}`);
  console.log(asTyped(`See what it says of the world: make plan ENV=${environment.name}`));
}

function choose(versions: readonly StateVersion[], id: string): StateVersion {
  const version = versions.find((candidate) => candidate.id === id);
  if (version === undefined)
    throw new CommandError(`There is no version "${id}". List them: make state ENV=…`);
  if (version.content.kind === 'broken')
    throw new CommandError(`That version is broken, too: ${version.content.reason}.`);
  return version;
}

function describe({ id, writtenAt, isCurrent, content }: StateVersion): string {
  const judgement =
    content.kind === 'sound'
      ? `sound: serial ${content.serial}, ${content.resources} resources`
      : `broken: ${content.reason}`;
  return `${id}  ${writtenAt.toISOString()}  ${judgement}${isCurrent ? '  (current)' : ''}`;
}
