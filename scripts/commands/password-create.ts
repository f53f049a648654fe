import { newPassword, readPasswordRequest } from '../operations/passwords/new-password.ts';
import { openPasswords } from '../operations/passwords/passwords.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { note } from '../stack/command-line/step.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';

await environmentCommand('password-create', async (environment, args) => {
  const request = readPasswordRequest(args);
  const { user, consumer } = request;
  const passwords = await openPasswords(environment);
  const { password, item } = await newPassword(request, Math.floor(Date.now() / 1_000));
  if (!(await passwords.put(item)))
    throw new CommandError(
      `${user} has a password. Give the new one another user name, such as USER=${user}-2, and revoke the former one later; or revoke it now: make password-revoke ENV=${environment.name} USER=${user}`,
    );
  note(`The password of ${user} is shown this once: only its hash is stored.`);
  console.log(flag(args.JSON, 'JSON') ? JSON.stringify({ user, password, consumer }) : password);
});
