import { timeText } from '../operations/api-keys/describe-api-keys.ts';
import { idOf, newPassword } from '../operations/passwords/new-password.ts';
import { openPasswords } from '../operations/passwords/passwords.ts';
import {
  passwordRotationOf,
  readPasswordRotation,
} from '../operations/passwords/rotate-password.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { note } from '../stack/command-line/step.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';

await environmentCommand('password-rotate', async (environment, args) => {
  const rotation = readPasswordRotation(args);
  const { user, newUser } = rotation;
  const { passwords } = await openPasswords(environment);
  const former = await passwords.find(idOf(user));
  if (former === undefined)
    throw new CommandError(
      `${user} has no password. List them: make password-list ENV=${environment.name}`,
    );
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const { request, formerEndsAtSeconds } = passwordRotationOf(former, rotation, nowSeconds);
  const { password, item } = await newPassword(request, nowSeconds);
  if (!(await passwords.put(item)))
    throw new CommandError(
      `${newUser} has a password. Name another user, such as NEW_USER=${newUser}-2`,
    );
  await passwords.expireAt(idOf(user), formerEndsAtSeconds);
  const until = timeText(formerEndsAtSeconds);
  note(`The password of ${user} is valid until ${until}. That of ${newUser} is shown this once.`);
  const { consumer } = request;
  console.log(
    flag(args.JSON, 'JSON')
      ? JSON.stringify({
          ...{ user: newUser, password, consumer },
          replaces: { user, expires_at: until },
        })
      : password,
  );
});
