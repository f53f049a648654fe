import {
  credentialIdFrom,
  graceFrom,
  lifetimeFrom,
} from '../operations/api-keys/api-key-arguments.ts';
import { openApiKeys } from '../operations/api-keys/api-keys.ts';
import { createdKey, shownId, timeText } from '../operations/api-keys/describe-api-keys.ts';
import { newApiKey } from '../operations/api-keys/new-api-key.ts';
import { rotationOf } from '../operations/api-keys/rotate-api-key.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { note } from '../stack/command-line/step.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';

await environmentCommand('apikey-rotate', async (environment, args) => {
  const id = credentialIdFrom(args.KEY);
  const options = {
    graceSeconds: graceFrom(args.GRACE),
    lifetimeSeconds: lifetimeFrom(args.EXPIRES),
    nowSeconds: Math.floor(Date.now() / 1_000),
  };
  const { keys, prefixes } = await openApiKeys(environment);
  const former = await keys.find(id);
  if (former === undefined)
    throw new CommandError(
      `There is no such key. List them: make apikey-list ENV=${environment.name}`,
    );
  const { request, formerEndsAtSeconds } = rotationOf(former, prefixes, options);
  const created = newApiKey(request, options.nowSeconds);
  if (!(await keys.put(created.item))) throw new CommandError('The table has this id. Try again.');
  await keys.expireAt(id, formerEndsAtSeconds);
  const until = timeText(formerEndsAtSeconds);
  note(`${shownId(former)} is valid until ${until}. The new key is shown this once.`);
  console.log(
    flag(args.JSON, 'JSON')
      ? JSON.stringify({
          ...createdKey(created, options.nowSeconds),
          replaces: { id: shownId(former), expires_at: until },
        })
      : created.key,
  );
});
