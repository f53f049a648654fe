import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { TestStack } from './test-stack.ts';

export type GitHubRole = 'plan' | 'drift' | 'apply';

/** The repository whose workflows the roles trust. */
export const repository = { name: 'example/gateway', ownerId: '123456', id: '456789' };

/** The environment of the test's stack, and another one whose roles are made beside its own. */
export const environments = { own: 'local', other: 'prod' };

/** What a token says in the jobs that each role is for, behind the repository. */
export const contextOf = (role: GitHubRole, environment = environments.own): string =>
  ({
    plan: 'pull_request',
    drift: 'ref:refs/heads/main',
    apply: `environment:${environment}`,
  })[role];

/** The claims of GitHub's token that a role's trust is about. */
export interface Claims {
  readonly sub: string;
  readonly repository_id: string;
}

/** Of a repository that is older than July 2026, and of one that sends its ids in the subject. */
export const claimsOf = (context: string): Readonly<Record<'names' | 'ids', Claims>> => {
  const { name, ownerId, id } = repository;
  const [owner, repo] = name.split('/');
  return {
    names: { sub: `repo:${name}:${context}`, repository_id: id },
    ids: { sub: `repo:${owner}@${ownerId}/${repo}@${id}:${context}`, repository_id: id },
  };
};

/**
 * The variables of a job that has signed in as configure-aws-credentials does. The emulator reads a token's claims and
 * not its signature. Throws where the role does not trust them.
 */
export const signInAs = async (
  { environment, variables }: TestStack,
  role: GitHubRole,
  claims: Claims = claimsOf(contextOf(role)).ids,
  roleEnvironment: string = environments.own,
): Promise<NodeJS.ProcessEnv> => {
  const { endpoint, accountId } = environment.local;
  const prefix = `github-postern-${roleEnvironment}`;
  const { Credentials: session } = await new STSClient(
    awsClientOptions(environment, 'us-east-1'),
  ).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: `arn:aws:iam::${accountId}:role/${prefix}-${role}`,
      RoleSessionName: 'job',
      WebIdentityToken: tokenOf(claims),
    }),
  );
  return {
    ...variables,
    // As an emulator of somebody else's: only there do commands sign in with what they are given.
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: session?.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: session?.SecretAccessKey,
    AWS_SESSION_TOKEN: session?.SessionToken,
    TF_VAR_permissions_boundary_arn: `arn:aws:iam::${accountId}:policy/${prefix}-boundary`,
  };
};

const tokenOf = (claims: Claims): string => {
  const payload = {
    iss: 'https://token.actions.githubusercontent.com',
    aud: 'sts.amazonaws.com',
    ...claims,
  };
  const parts = [{ alg: 'none' }, payload].map((part) => JSON.stringify(part));
  return `${parts.map((part) => Buffer.from(part).toString('base64url')).join('.')}.`;
};
