import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { CommandError } from '../command-line/command-error.ts';
import { awsClientOptions } from './aws-client.ts';
import type { Environment } from './environment.ts';

/** The account that the credentials at hand belong to. Throws where there are none, or AWS does not take them. */
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
