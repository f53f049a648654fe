import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { awsClientOptions } from '../environments/aws-client.ts';
import type { TestStack } from './test-stack.ts';

export type GitHubRole = 'plan' | 'drift' | 'apply';

/** The repository whose workflows the roles trust. */
export const repository = 'example/gateway';

/** Whom GitHub's token is about in the jobs that each role is for. */
export const subjects: Readonly<Record<GitHubRole, string>> = {
  plan: `repo:${repository}:pull_request`,
  drift: `repo:${repository}:ref:refs/heads/main`,
  apply: `repo:${repository}:environment:dev`,
};

/**
 * The variables of a job that has signed in as configure-aws-credentials does. The emulator reads a token's claims and
 * not its signature. Throws where the role does not trust them.
 */
export const signInAs = async (
  { environment, variables }: TestStack,
  role: GitHubRole,
  subject: string = subjects[role],
): Promise<NodeJS.ProcessEnv> => {
  const { endpoint, accountId } = environment.local;
  const { Credentials: session } = await new STSClient(
    awsClientOptions(environment, 'us-east-1'),
  ).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: `arn:aws:iam::${accountId}:role/github-postern-${role}`,
      RoleSessionName: 'job',
      WebIdentityToken: tokenOf(subject),
    }),
  );
  return {
    ...variables,
    // As an emulator of somebody else's: only there do commands sign in with what they are given.
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: session?.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: session?.SecretAccessKey,
    AWS_SESSION_TOKEN: session?.SessionToken,
    TF_VAR_permissions_boundary_arn: `arn:aws:iam::${accountId}:policy/github-postern-boundary`,
  };
};

const tokenOf = (subject: string): string => {
  const claims = {
    iss: 'https://token.actions.githubusercontent.com',
    aud: 'sts.amazonaws.com',
    sub: subject,
  };
  const parts = [{ alg: 'none' }, claims].map((part) => JSON.stringify(part));
  return `${parts.map((part) => Buffer.from(part).toString('base64url')).join('.')}.`;
};
