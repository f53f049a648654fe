import type { AwsCredentialIdentity } from '@smithy/types';
import type { Environment } from './environment.ts';

export interface AwsClientOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: AwsCredentialIdentity;
}

/** What an AWS client of these commands is built with: the emulator's address and key, or AWS's usual chain. */
export const awsClientOptions = (
  { local, variables }: Environment,
  region: string,
): AwsClientOptions =>
  local === undefined
    ? { region }
    : {
        region,
        endpoint: local.endpoint,
        credentials: {
          accessKeyId: variables['AWS_ACCESS_KEY_ID'] ?? '',
          secretAccessKey: variables['AWS_SECRET_ACCESS_KEY'] ?? '',
          ...(variables['AWS_SESSION_TOKEN'] === undefined
            ? {}
            : { sessionToken: variables['AWS_SESSION_TOKEN'] }),
        },
      };
