import { setTimeout as sleep } from 'node:timers/promises';
import { note, step } from '../stack/command-line/step.ts';
import { confirm } from '../stack/environments/confirm.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import { withEnvironmentLock } from '../stack/environments/environment-lock.ts';
import {
  dropKeys,
  openSigningSecret,
  replaceKeys,
  rotateKeys,
  type SigningSecret,
} from '../operations/signing-keys/rotate-keys.ts';
import {
  readRotationRequest,
  type RotationRequest,
} from '../operations/signing-keys/rotation-request.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

const now = (): number => Math.floor(Date.now() / 1_000);

await environmentCommand('rotate-key', async (environment, args) => {
  const request = readRotationRequest(args);
  if (request.kind === 'replace') await confirm(environment, 'end every session of', 'destruction');
  const secret = openSigningSecret(environment, await readDeployment(environment));
  console.log(
    await withEnvironmentLock(`${environment.folder}-keys`, () => carryOut(request, secret)),
  );
});

async function carryOut(request: RotationRequest, secret: SigningSecret): Promise<string> {
  if (request.kind === 'drop') {
    return (await dropKeys({ secret, now })).join('\n') || 'No key has expired.';
  }
  if (request.kind === 'replace') {
    const kid = await replaceKeys({ secret, now });
    note('Every session ends: the old keys verify for five more minutes at most.');
    note('An environment that has just read the keys knows the new one after a minute.');
    return kid;
  }
  const waitSeconds = (seconds: number): Promise<void> =>
    step(`waiting ${seconds} s for every environment`, () => sleep(seconds * 1_000));
  return rotateKeys({ secret, now, waitSeconds, report: note }, request.keepSeconds);
}
