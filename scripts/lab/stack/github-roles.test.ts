import {
  ApiGatewayV2Client,
  CreateApiCommand,
  DeleteApiCommand,
  UpdateApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  GetFunctionCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { quietly } from '../../stack/command-line/step.ts';
import { startLocalStack } from '../../stack/deployment/local-stack.ts';
import { bootstrap } from '../../stack/deployment/remote-state.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import { readEnvironment } from '../../stack/environments/environment.ts';
import { withEnvironmentLock } from '../../stack/environments/environment-lock.ts';
import { readDeployment } from '../../stack/terraform/deployment.ts';
import { readStateBackend, s3 } from '../../stack/terraform/state-backend.ts';
import { initialise, planArguments, terraform } from '../../stack/terraform/terraform.ts';
import { runCommand } from './run-command.ts';
import { testStack } from './test-stack.ts';

jest.setTimeout(10 * 60_000);

type GitHubRole = 'plan' | 'drift' | 'apply';

/** The repository whose workflows the roles trust. */
const repository = { name: 'example/gateway', ownerId: '123456', id: '456789' };

/** The environment of the test's stack, and another one whose roles are made beside its own. */
const own = 'local';
const other = 'prod';

const environment = testStack();
await quietly(() =>
  withEnvironmentLock(environment.folder, (lock) => startLocalStack(environment, lock)),
);
const { accountId, endpoint } = environment.local;
const backend = await readStateBackend(environment);
const ownOptions = awsClientOptions(environment, backend.region);
const states = s3(environment, backend.region);

/** The claims of GitHub's token that a role's trust is about. */
interface Claims {
  readonly sub: string;
  readonly repository_id: string;
}

/** Of a repository that is older than July 2026, and of one that sends its ids in the subject. */
const claimsOf = (context: string): Readonly<Record<'names' | 'ids', Claims>> => {
  const { name, ownerId, id } = repository;
  const [owner, repo] = name.split('/');
  return {
    names: { sub: `repo:${name}:${context}`, repository_id: id },
    ids: { sub: `repo:${owner}@${ownerId}/${repo}@${id}:${context}`, repository_id: id },
  };
};

/** The part of a token's subject after the repository, in the jobs of each role. */
const contextOf = (role: GitHubRole, of = own): string =>
  ({ plan: 'pull_request', drift: 'ref:refs/heads/main', apply: `environment:${of}` })[role];

const tokenOf = (claims: Claims): string => {
  const payload = {
    iss: 'https://token.actions.githubusercontent.com',
    aud: 'sts.amazonaws.com',
    ...claims,
  };
  const parts = [{ alg: 'none' }, payload].map((part) => JSON.stringify(part));
  return `${parts.map((part) => Buffer.from(part).toString('base64url')).join('.')}.`;
};

/**
 * The variables of a job that has signed in as configure-aws-credentials does. The emulator reads a token's claims and
 * not its signature. Throws where the role does not trust them.
 */
const signInAs = async (
  role: GitHubRole,
  claims: Claims = claimsOf(contextOf(role)).ids,
  of: string = own,
): Promise<NodeJS.ProcessEnv> => {
  const prefix = `github-postern-${of}`;
  const { Credentials: session } = await new STSClient(ownOptions).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: `arn:aws:iam::${accountId}:role/${prefix}-${role}`,
      RoleSessionName: 'job',
      WebIdentityToken: tokenOf(claims),
    }),
  );
  return {
    ...process.env,
    // Treated as an external emulator: only there do commands use the given credentials.
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: session?.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: session?.SecretAccessKey,
    AWS_SESSION_TOKEN: session?.SessionToken,
    TF_VAR_permissions_boundary_arn: `arn:aws:iam::${accountId}:policy/${prefix}-boundary`,
    // The role then also creates a key, and all that can be encrypted is encrypted under it.
    TF_VAR_customer_managed_key: 'true',
  };
};

const environmentAs = async (role: GitHubRole) =>
  readEnvironment({ ENV: 'local' }, await signInAs(role));

/** Clients with the role's credentials. */
const clientsAs = async (role: GitHubRole) => {
  const as = await environmentAs(role);
  const options = awsClientOptions(as, backend.region);
  return {
    apis: new ApiGatewayV2Client(options),
    dynamoDb: new DynamoDBClient(options),
    iam: new IAMClient(options),
    lambda: new LambdaClient(options),
    secrets: new SecretsManagerClient(options),
    states: s3(as, backend.region),
  };
};

const accessDenied = { name: expect.stringMatching(/^AccessDenied/) };

describe('the roles for GitHub Actions, on an empty account', () => {
  /** As in docs/github-actions.md: the bootstrap is first, on an account without the bucket. */
  beforeAll(async () => {
    const { name, ownerId, id } = repository;
    const github =
      `{repository="${name}",owner_id="${ownerId}",repository_id="${id}",` +
      `environments={${own}={pull_requests=true},${other}={}}}`;
    await quietly(() =>
      withEnvironmentLock(environment.folder, (lock) =>
        bootstrap(environment, backend, lock, [`-var=github=${github}`]),
      ),
    );
    // It refuses requests without TLS, which all requests here are, except the root's.
    await states.send(new DeleteBucketPolicyCommand({ Bucket: backend.bucket }));
  });

  const roles: readonly GitHubRole[] = ['plan', 'drift', 'apply'];

  it.each(roles)('trust their jobs in the repository: %s', async (role) => {
    const { names, ids } = claimsOf(contextOf(role));
    await signInAs(role, names);
    await signInAs(role, ids);
  });

  it('trust the jobs of another environment for that one', async () => {
    await signInAs('apply', claimsOf(contextOf('apply', other)).ids, other);
  });

  const elsewhere: readonly Claims[] = [
    { sub: 'repo:someone/fork:pull_request', repository_id: '1' },
    { sub: `repo:${repository.name}-2:environment:${own}`, repository_id: '1' },
    { sub: `repo:example@123456/gateway@1:environment:${own}`, repository_id: '1' },
    // A repository with the same name after the original was deleted, and one with the same ids written into its name.
    { sub: `repo:${repository.name}:environment:${own}`, repository_id: '1' },
    {
      sub: `repo:example@1/gateway@${repository.id}:environment:${own}`,
      repository_id: repository.id,
    },
    ...['ref:refs/heads/feature', 'environment:preview'].flatMap((context) =>
      Object.values(claimsOf(context)),
    ),
  ];
  const strangers = roles.flatMap((role) => {
    const others = roles.filter((another) => another !== role);
    const crossed = others.map((another) => claimsOf(contextOf(another)).ids);
    return [...elsewhere, ...crossed].map((claims) => ({ role, of: own, ...claims }));
  });

  it.each([
    ...strangers,
    { role: 'apply' as const, of: other, ...claimsOf(contextOf('apply', own)).ids },
    { role: 'apply' as const, of: own, ...claimsOf(contextOf('apply', other)).ids },
  ])('do not trust $sub ($repository_id) as $role of $of', async ({ role, of, ...claims }) => {
    await expect(signInAs(role, claims, of)).rejects.toMatchObject(accessDenied);
  });

  it.each([
    ['apply', 'deploy', []],
    ['drift', 'plan', []],
    ['plan', 'plan', ['REFRESH=0']],
  ] as const)('are enough for their work: %s for make %s %j', async (role, script, args) => {
    await runCommand(script, args, await signInAs(role));
  });

  type Clients = Awaited<ReturnType<typeof clientsAs>>;
  type Attempt = (clients: Clients) => Promise<unknown>;

  const policy = { PolicyName: 'more', PolicyDocument: '{"Version":"2012-10-17","Statement":[]}' };
  const trust = { AssumeRolePolicyDocument: policy.PolicyDocument };
  const boundary = (of: string) => `arn:aws:iam::${accountId}:policy/github-postern-${of}-boundary`;
  const ownState = { Bucket: backend.bucket, Key: backend.key };

  it.each<[GitHubRole, string, Attempt]>([
    [
      'plan',
      'read the signing key',
      async ({ secrets }) => {
        const { signingSecretArn: SecretId } = await readDeployment(environment);
        return secrets.send(new GetSecretValueCommand({ SecretId }));
      },
    ],
    [
      'plan',
      'write a state',
      (as) => as.states.send(new PutObjectCommand({ ...ownState, Body: '{}' })),
    ],
    [
      'drift',
      'change the function',
      async ({ lambda }) => {
        const { functionName: FunctionName } = await readDeployment(environment);
        return lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 3 }));
      },
    ],
    [
      'apply',
      'make a role without the boundary',
      ({ iam }) => iam.send(new CreateRoleCommand({ RoleName: `postern-${own}-more`, ...trust })),
    ],
    [
      'apply',
      'change its own role',
      ({ iam }) =>
        iam.send(new PutRolePolicyCommand({ RoleName: `github-postern-${own}-apply`, ...policy })),
    ],
  ])('do nothing beyond their work: %s may not %s', async (role, _, attempt) => {
    await expect(attempt(await clientsAs(role))).rejects.toMatchObject(accessDenied);
  });

  // As names are made for it; nothing of it needs to be there for IAM to refuse.
  const name = `postern-${other}`;
  const state = { Bucket: backend.bucket, Key: `postern/${other}.tfstate` };
  const lock = { ...state, Key: `${state.Key}.tflock` };
  const versionsOf = ({ Bucket, Key }: typeof state) => ({ Bucket, Prefix: Key });

  it('are enough to find the state of a version that serves after a rollback: apply', async () => {
    const { states } = await clientsAs('apply');
    await expect(
      states.send(new ListObjectVersionsCommand(versionsOf(ownState))),
    ).resolves.toHaveProperty('Versions');
  });
  const item = { session_id: { S: 'a' } };

  it.each<[string, Attempt]>([
    ['read its state', (as) => as.states.send(new GetObjectCommand(state))],
    [
      'list the versions of its state',
      (as) => as.states.send(new ListObjectVersionsCommand(versionsOf(state))),
    ],
    ['write its state', (as) => as.states.send(new PutObjectCommand({ ...state, Body: '{}' }))],
    ['take its lock', (as) => as.states.send(new PutObjectCommand({ ...lock, Body: '{}' }))],
    ['remove its lock', (as) => as.states.send(new DeleteObjectCommand(lock))],
    [
      'write the state of the bootstrap',
      (as) =>
        as.states.send(
          new PutObjectCommand({ ...state, Key: 'bootstrap/terraform.tfstate', Body: '{}' }),
        ),
    ],
    [
      'read its function',
      ({ lambda }) => lambda.send(new GetFunctionCommand({ FunctionName: name })),
    ],
    [
      'change its function',
      ({ lambda }) =>
        lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Timeout: 3 })),
    ],
    [
      'describe its tables',
      ({ dynamoDb }) => dynamoDb.send(new DescribeTableCommand({ TableName: `${name}-sessions` })),
    ],
    [
      'read a session',
      ({ dynamoDb }) =>
        dynamoDb.send(new GetItemCommand({ TableName: `${name}-sessions`, Key: item })),
    ],
    [
      'make a session',
      ({ dynamoDb }) =>
        dynamoDb.send(new PutItemCommand({ TableName: `${name}-sessions`, Item: item })),
    ],
    [
      'read its signing key',
      ({ secrets }) =>
        secrets.send(new GetSecretValueCommand({ SecretId: `${name}-token-signing-1` })),
    ],
    [
      'make one of its roles',
      ({ iam }) =>
        iam.send(
          new CreateRoleCommand({
            RoleName: `${name}-more`,
            PermissionsBoundary: boundary(own),
            ...trust,
          }),
        ),
    ],
    [
      'make a role of its own under the other boundary',
      ({ iam }) =>
        iam.send(
          new CreateRoleCommand({
            RoleName: `postern-${own}-more`,
            PermissionsBoundary: boundary(other),
            ...trust,
          }),
        ),
    ],
    [
      'change its role for GitHub Actions',
      ({ iam }) =>
        iam.send(
          new PutRolePolicyCommand({ RoleName: `github-postern-${other}-apply`, ...policy }),
        ),
    ],
  ])('do nothing in another environment: apply may not %s', async (_, attempt) => {
    await expect(attempt(await clientsAs('apply'))).rejects.toMatchObject(accessDenied);
  });

  it('do nothing to the API of another environment, which only its tags name', async () => {
    const Tags = { Project: 'postern', Environment: other };
    const { ApiId } = await new ApiGatewayV2Client(ownOptions).send(
      new CreateApiCommand({ Name: 'other', ProtocolType: 'HTTP', Tags }),
    );
    const { apis } = await clientsAs('apply');
    await expect(apis.send(new UpdateApiCommand({ ApiId, Name: 'taken' }))).rejects.toMatchObject(
      accessDenied,
    );
    await expect(apis.send(new DeleteApiCommand({ ApiId }))).rejects.toMatchObject(accessDenied);
  });

  it('are enough to remove everything: apply', async () => {
    const as = await environmentAs('apply');
    await initialise(as, backend);
    await terraform(as, ['destroy', ...planArguments(as), '-auto-approve']);
  });
});
