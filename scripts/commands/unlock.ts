import { asTyped } from '../stack/command-line/as-typed.ts';
import { durationMs } from '../../handler/compiler/duration.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { confirm } from '../stack/environments/confirm.ts';
import { spelledOut } from '../stack/environments/environment.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import { withEnvironmentLock } from '../stack/environments/environment-lock.ts';
import { requireCloud } from '../stack/local-cloud/cloud.ts';
import { readStateBackend } from '../stack/terraform/state-backend.ts';
import { describeLock, readStateLock } from '../stack/terraform/state-lock.ts';
import { initialise, terraform } from '../stack/terraform/terraform.ts';

/** An apply of this stack takes minutes; a custom domain's certificate or a VPC's interfaces may take half an hour. */
const usualAge = '1h';

/**
 * Shows who has the lock of the Terraform state. `LOCK=<id>` removes it if the id matches and it is old enough. A lock
 * never expires: only a person can know that its holder is dead.
 */
await environmentCommand('unlock', async (environment, args) => {
  await requireCloud(environment);
  const backend = await readStateBackend(environment);
  const lock = await readStateLock(environment, backend);
  if (lock === undefined) return console.log(`The state of ${environment.name} is not locked.`);
  const { LOCK: id } = args;
  const ageMs = Date.now() - Date.parse(lock.Created);
  console.log(`${lock.ID}  ${describeLock(lock)}, ${Math.floor(ageMs / 60_000)} minutes ago`);
  if (id === undefined) return;
  if (id !== lock.ID)
    throw new CommandError(`The lock is ${lock.ID}, not ${id}: another command holds it now.`);
  requireAge(ageMs, args.OLDER_THAN ?? usualAge);
  await confirm(environment, 'take the lock from the state of', 'destruction');
  await withEnvironmentLock(environment.folder, async () => {
    await initialise(environment, backend);
    // Terraform compares the id once more: a lock taken in the meantime stays.
    await terraform(environment, ['force-unlock', '-force', id]);
  });
  console.log(
    asTyped(`The lock is gone. See what was left half done: make plan ${spelledOut(environment)}`),
  );
});

function requireAge(ageMs: number, olderThan: string): void {
  const leastMs = durationMs(olderThan);
  if (leastMs === undefined)
    throw new CommandError(`OLDER_THAN is "${olderThan}"; write it as 10m or 1h.`);
  if (ageMs >= leastMs) return;
  throw new CommandError(
    `The lock is younger than ${olderThan}: its apply may still run. Contact its holder; ` +
      'if you know that it is dead, add OLDER_THAN=1s',
  );
}
