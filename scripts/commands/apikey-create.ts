import { readApiKeyRequest } from '../operations/api-keys/api-key-arguments.ts';
import { openApiKeys } from '../operations/api-keys/api-keys.ts';
import { createdKey } from '../operations/api-keys/describe-api-keys.ts';
import { newApiKey } from '../operations/api-keys/new-api-key.ts';
import { planWarning } from '../operations/api-keys/usage.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { note } from '../stack/command-line/step.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';

await environmentCommand('apikey-create', async (environment, args) => {
  const { keys, prefixes, plans } = await openApiKeys(environment);
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const created = newApiKey(readApiKeyRequest(args, prefixes), nowSeconds);
  if (!(await keys.put(created.item))) throw new CommandError('The table has this id. Try again.');
  const warning = planWarning(created.item.plan, plans);
  if (warning !== undefined) note(warning);
  note(`The key of ${created.item.consumer} is shown this once: only its hash is stored.`);
  console.log(
    flag(args.JSON, 'JSON') ? JSON.stringify(createdKey(created, nowSeconds)) : created.key,
  );
});
