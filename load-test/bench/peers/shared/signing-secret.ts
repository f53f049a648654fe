import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { settings } from './settings.ts';

interface KeySet {
  active_kid: string;
  keys: { kid: string; k: string }[];
}

/** Asked for once, while the module loads; every request awaits the same promise. */
export const signingSecret: Promise<Buffer> = new SecretsManagerClient({})
  .send(new GetSecretValueCommand({ SecretId: settings.signingSecretArn }))
  .then(({ SecretString }) => {
    const { active_kid, keys } = JSON.parse(SecretString ?? '{}') as KeySet;
    const active = keys.find(({ kid }) => kid === active_kid);
    if (!active) throw new Error(`The signing secret has no key ${active_kid}`);
    return Buffer.from(active.k, 'base64url');
  });
