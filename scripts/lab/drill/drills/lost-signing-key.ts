import { setTimeout as sleep } from 'node:timers/promises';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CommandError } from '../../../stack/command-line/command-error.ts';
import { awsClientOptions } from '../../../stack/environments/aws-client.ts';
import { readDeployment } from '../../../stack/terraform/deployment.ts';
import type { Drill } from '../drill.ts';
import { requireStatus, signIn, statusFor } from '../signed-in.ts';

export const lostSigningKey: Drill = {
  runbook: 'lost-signing-key',
  reads: {},
  breakIt: async ({ environment, checkout, shell }) => {
    const { region, baseUrl, signingSecretArn } = await readDeployment(environment);
    const token = await signIn(environment);
    await requireStatus(baseUrl, token, 200);
    await new SecretsManagerClient(awsClientOptions(environment, region)).send(
      new PutSecretValueCommand({ SecretId: signingSecretArn, SecretString: 'lost' }),
    );
    const session = await shell('make session ENV=local USER=drill ROLES=user', checkout);
    if (session.exitCode === 0) throw new CommandError('A session was made without a key.');
    return {
      prove: async (screen) => {
        const made = /^(eyJ\S+)$/m.exec(screen)?.[1];
        if (made === undefined) throw new CommandError('The runbook made no session.');
        await untilServed(baseUrl, made);
        return 'a session of the new key is served';
      },
    };
  },
};

/** An environment that has just read the keys asks for an unknown one after a minute. */
const patienceMs = 75_000;

const untilServed = async (baseUrl: string, token: string): Promise<void> => {
  const deadline = Date.now() + patienceMs;
  while ((await statusFor(baseUrl, token)) !== 200) {
    if (Date.now() > deadline) throw new CommandError('A session of the new key is still refused.');
    await sleep(500);
  }
};
