import { idOf, userFrom } from '../operations/passwords/new-password.ts';
import { openPasswords } from '../operations/passwords/passwords.ts';
import { note } from '../stack/command-line/step.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';

await environmentCommand('password-revoke', async (environment, args) => {
  const user = userFrom(args.USER);
  const { passwords } = await openPasswords(environment);
  if ((await passwords.remove(idOf(user))) !== undefined) {
    note('It is refused everywhere within 60 seconds.');
    console.log(`The password of ${user} is revoked.`);
  } else console.log(`${user} has no password, or it was revoked before.`);
});
