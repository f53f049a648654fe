import { type CallOptions, StoreUnavailable } from './aws-call.ts';
import { type AwsSettings, createJsonClient } from './json-client.ts';

export interface SecretsManager {
  /** The current text of the secret. Throws `StoreUnavailable`, also if the secret is binary. */
  getSecretString(secretId: string, options: CallOptions): Promise<string>;
}

export const createSecretsManager = (settings: AwsSettings): SecretsManager => {
  const call = createJsonClient(settings, {
    name: 'secretsmanager',
    contentType: 'application/x-amz-json-1.1',
    targetPrefix: 'secretsmanager',
    attemptTimeoutMs: 3_000, // Called once while an environment starts, when everything is slow. No request can be served without it.
  });
  return {
    getSecretString: async (secretId, options) => {
      const response = await call('GetSecretValue', { SecretId: secretId }, options).catch(
        (cause: unknown) => {
          throw new StoreUnavailable('Secrets Manager gave no usable response', { cause });
        },
      );
      const { SecretString: text } = response;
      if (typeof text !== 'string') throw new StoreUnavailable('The secret has no text');
      return text;
    },
  };
};
