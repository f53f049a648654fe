import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import type { Deployment } from '../../stack/terraform/deployment.ts';
import type { StoredKeys } from './key-rotation.ts';

/** The signing secret of a deployment. Terraform made it and never looks at what was written into it since. */
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
