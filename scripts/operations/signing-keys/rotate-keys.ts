import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import type { Deployment } from '../../stack/terraform/deployment.ts';
import {
  activatableAt,
  activate,
  dropEnded,
  newKey,
  pendingKey,
  publish,
  readStoredKeys,
  replaceAll,
  type StoredKey,
  type StoredKeys,
} from './stored-keys.ts';

interface Dependencies {
  readonly secret: SigningSecret;
  /** Epoch seconds. */
  readonly now: () => number;
  readonly waitSeconds: (seconds: number) => Promise<void>;
  readonly report: (text: string) => void;
}

/**
 * Publishes a key, waits until every environment verifies with it, and has it sign: no token is refused on the way. If
 * it is interrupted, the next run continues. Each write is based on the preceding read.
 */
export const rotateKeys = async (
  { secret, now, waitSeconds, report }: Dependencies,
  keepSeconds: number,
): Promise<string> => {
  const stored = dropEnded(readStoredKeys(await secret.read()), now());
  const pending = pendingKey(stored) ?? (await publishKey());
  report(`${pending.kid} verifies; it signs once every environment knows it`);
  await waitSeconds(Math.max(0, activatableAt(pending) - now()));

  const latest = dropEnded(readStoredKeys(await secret.read()), now());
  await secret.write(activate(latest, pending.kid, { nowSeconds: now(), keepSeconds }));
  report(`${pending.kid} signs; the other keys verify for ${keepSeconds / 3_600} more hours`);
  return pending.kid;

  async function publishKey(): Promise<StoredKey> {
    const published = publish(stored, newKey(now()), now());
    await secret.write(published);
    const key = pendingKey(published);
    if (key === undefined) throw new Error('The published key is not pending');
    return key;
  }
};

/** Removes expired keys, and returns their ids. */
export const dropKeys = async ({
  secret,
  now,
}: Pick<Dependencies, 'secret' | 'now'>): Promise<readonly string[]> => {
  const stored = readStoredKeys(await secret.read());
  const left = dropEnded(stored, now());
  if (left.keys.length < stored.keys.length) await secret.write(left);
  return stored.keys.filter((key) => !left.keys.includes(key)).map(({ kid }) => kid);
};

/** Replaces the whole content of the secret by one new key, even if the content is invalid. */
export const replaceKeys = async ({
  secret,
  now,
}: Pick<Dependencies, 'secret' | 'now'>): Promise<string> => {
  const key = newKey(now());
  await secret.write(replaceAll(key, now()));
  return key.kid;
};

/** The signing secret of a deployment. Terraform creates it and never reads later values. */
export interface SigningSecret {
  /** Its text; empty where nothing was ever written. */
  read(): Promise<string>;
  write(keys: StoredKeys): Promise<void>;
}

export const openSigningSecret = (
  environment: Environment,
  { region, signingSecretArn }: Deployment,
): SigningSecret => {
  const client = new SecretsManagerClient(awsClientOptions(environment, region));
  const secret = { SecretId: signingSecretArn };
  return {
    read: async () => {
      try {
        const { SecretString: text = '' } = await client.send(new GetSecretValueCommand(secret));
        return text;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return '';
        throw error;
      }
    },
    write: async (keys) => {
      await client.send(
        new PutSecretValueCommand({ ...secret, SecretString: JSON.stringify(keys) }),
      );
    },
  };
};
