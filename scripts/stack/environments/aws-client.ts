import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import { CommandError } from '../command-line/command-error.ts';
import type { Environment } from './environment.ts';

// The SDK's notice that its next versions need Node 22 is for those who choose its version: it is a part of this package.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

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

/** The account of the current credentials. Throws if there are none, or AWS does not accept them. */
export const requireCredentials = async (
  environment: Environment,
  region: string,
): Promise<string> => {
  const client = new STSClient(awsClientOptions(environment, region));
  try {
    const { Account: account = '' } = await client.send(new GetCallerIdentityCommand({}));
    return account;
  } catch (cause) {
    throw new CommandError(
      `AWS did not accept you: ${cause instanceof Error ? cause.message : String(cause)}\n` +
        'Sign in (`aws sso login`, `aws configure`) or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and ' +
        'AWS_SECRET_ACCESS_KEY; then try again.',
      { cause },
    );
  }
};
