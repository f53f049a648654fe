import { planWarning } from '../operations/api-keys/usage.ts';
import { newPassword, readPasswordRequest } from '../operations/passwords/new-password.ts';
import { openPasswords } from '../operations/passwords/passwords.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { note } from '../stack/command-line/step.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';

await environmentCommand('password-create', async (environment, args) => {
  const request = readPasswordRequest(args);
  const { user, consumer } = request;
  const { passwords, plans } = await openPasswords(environment);
  const { password, item } = await newPassword(request, Math.floor(Date.now() / 1_000));
  if (!(await passwords.put(item)))
    throw new CommandError(
      `${user} has a password. Replace it by one of another user name, without a gap: make password-rotate ENV=${environment.name} USER=${user}, or revoke it now: make password-revoke ENV=${environment.name} USER=${user}`,
    );
  const warning = planWarning(item.plan, plans);
  if (warning !== undefined) note(warning);
  note(`The password of ${user} is shown this once: only its hash is stored.`);
  console.log(flag(args.JSON, 'JSON') ? JSON.stringify({ user, password, consumer }) : password);
});
