import { consumerFrom } from '../operations/api-keys/api-key-arguments.ts';
import { describePasswords, listedPassword } from '../operations/passwords/describe-passwords.ts';
import { openPasswords } from '../operations/passwords/passwords.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';

await environmentCommand('password-list', async (environment, args) => {
  const consumer = args.CONSUMER === undefined ? undefined : consumerFrom(args.CONSUMER);
  const { passwords } = await openPasswords(environment);
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const items = await passwords.list(consumer);
  const listed = items.map((item) => listedPassword(item, nowSeconds));
  console.log(
    flag(args.JSON, 'JSON') ? JSON.stringify(listed, undefined, 2) : describePasswords(listed),
  );
});
