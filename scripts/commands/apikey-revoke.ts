import { readKeyRevocation } from '../operations/api-keys/api-key-arguments.ts';
import { openApiKeys } from '../operations/api-keys/api-keys.ts';
import { shownId } from '../operations/api-keys/describe-api-keys.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { note } from '../stack/command-line/step.ts';
import { confirm } from '../stack/environments/confirm.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';

await environmentCommand('apikey-revoke', async (environment, args) => {
  const revocation = readKeyRevocation(args);
  const { keys } = await openApiKeys(environment);
  if (revocation.kind === 'consumer')
    await confirm(environment, `revoke every API key of ${revocation.consumer} in`, 'destruction');
  const removed =
    revocation.kind === 'consumer'
      ? await keys.removeAllOf(revocation.consumer)
      : [await keys.remove(revocation.id)].filter((item) => item !== undefined);
  if (removed.length > 0) note('It is refused everywhere within 60 seconds.');
  if (flag(args.JSON, 'JSON')) {
    const revoked = removed.map((item) => ({ id: shownId(item), consumer: item.consumer }));
    console.log(JSON.stringify({ revoked }));
    return;
  }
  const [only, ...others] = removed;
  if (only === undefined)
    console.log(
      revocation.kind === 'key'
        ? 'There is no such key, or it was revoked before.'
        : `${revocation.consumer} had no key.`,
    );
  else
    console.log(
      others.length === 0
        ? `${shownId(only)} of ${only.consumer} is revoked.`
        : `${removed.length} keys of ${only.consumer} are revoked.`,
    );
});
