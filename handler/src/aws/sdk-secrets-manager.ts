import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { StoreUnavailable } from './aws-call.ts';
import type { AwsSettings } from './json-client.ts';
import { sdkSettings, untilDeadline } from './sdk-settings.ts';
import type { SecretsManager } from './secrets-manager.ts';

/** Secrets Manager through the AWS SDK: replaces `secrets-manager.ts` in a build with `AWS_CLIENT=sdk`. */
export const createSecretsManager = (settings: AwsSettings): SecretsManager => {
  const { now } = settings;
  const client = new SecretsManagerClient(sdkSettings(settings, 3_000));
  return {
    getSecretString: async (SecretId, options) => {
      const { SecretString: text } = await client
        .send(new GetSecretValueCommand({ SecretId }), untilDeadline(options, now()))
        .catch((cause: unknown) => {
          throw new StoreUnavailable('Secrets Manager gave no usable response', { cause });
        });
      if (typeof text !== 'string') throw new StoreUnavailable('The secret has no text');
      return text;
    },
  };
};
