import { consumerFrom } from '../operations/api-keys/api-key-arguments.ts';
import { openApiKeys } from '../operations/api-keys/api-keys.ts';
import { describeKeys, listedKey } from '../operations/api-keys/describe-api-keys.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';

await environmentCommand('apikey-list', async (environment, args) => {
  const { keys } = await openApiKeys(environment);
  const consumer = args.CONSUMER === undefined ? undefined : consumerFrom(args.CONSUMER);
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const listed = (await keys.list(consumer)).map((item) => listedKey(item, nowSeconds));
  console.log(
    flag(args.JSON, 'JSON') ? JSON.stringify(listed, undefined, 2) : describeKeys(listed),
  );
});
