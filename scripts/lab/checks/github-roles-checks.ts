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
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { bootstrap } from '../../stack/deployment/remote-state.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import { readEnvironment } from '../../stack/environments/environment.ts';
import { withEnvironmentLock } from '../../stack/environments/environment-lock.ts';
import { readDeployment } from '../../stack/terraform/deployment.ts';
import { readStateBackend, s3 } from '../../stack/terraform/state-backend.ts';
import { initialise, planArguments, terraform } from '../../stack/terraform/terraform.ts';
import { type Check, failed, passed } from './check.ts';
import { scriptCheck } from './program-check.ts';
import type { TestStack } from './test-stack.ts';

/** Each role does the work of its jobs, on an account where nothing is deployed yet, and nothing beyond it. */
export const githubRolesChecks = (stack: TestStack): readonly Check[] => [
  { name: 'roles for GitHub Actions', run: () => makeRoles(stack) },
  { name: 'the roles trust one repository alone', run: () => refuseOthers(stack) },
  commandAs(stack, 'apply', 'deploy.ts'),
  commandAs(stack, 'drift', 'plan.ts'),
  commandAs(stack, 'plan', 'plan.ts', ['REFRESH=0']),
  { name: 'the roles do nothing beyond their work', run: () => refuseMore(stack) },
  { name: 'the roles do nothing in another environment', run: () => refuseOtherEnvironment(stack) },
  { name: 'role apply: destroy, and a key of its own', run: () => encrypt(stack) },
];

const roles: readonly GitHubRole[] = ['plan', 'drift', 'apply'];

const commandAs = (
  stack: TestStack,
  role: GitHubRole,
  script: string,
  args: readonly string[] = [],
): Check => ({
  name: `role ${role}: ${script}`,
  run: async () => scriptCheck('', script, await signInAs(stack, role), args).run(),
});

/** As in docs/github-actions.md: the bootstrap is first, on an account without the bucket. */
const makeRoles = async ({ environment }: TestStack) => {
  const backend = await readStateBackend(environment);
  const client = s3(environment, backend.region);
  await removeBucket(client, backend.bucket);
  const { name, ownerId, id } = repository;
  const { own, other } = environments;
  const github =
    `{repository="${name}",owner_id="${ownerId}",repository_id="${id}",` +
    `environments={${own}={pull_requests=true},${other}={}}}`;
  await withEnvironmentLock(environment.folder, (lock) =>
    bootstrap(environment, backend, lock, [`-var=github=${github}`]),
  );
  // It refuses requests without TLS, which all requests here are, except the root's.
  await client.send(new DeleteBucketPolicyCommand({ Bucket: backend.bucket }));
  return passed;
};

const removeBucket = async (client: ReturnType<typeof s3>, bucket: string): Promise<void> => {
  const { Versions: versions = [], DeleteMarkers: markers = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: bucket }),
  );
  const objects = [...versions, ...markers].map(({ Key, VersionId }) => ({ Key, VersionId }));
  if (objects.length > 0) {
    await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects } }));
  }
  await client.send(new DeleteBucketCommand({ Bucket: bucket }));
};

const refuseOthers = async (stack: TestStack) => {
  const { own, other } = environments;
  for (const role of roles) {
    const { names, ids } = claimsOf(contextOf(role));
    await signInAs(stack, role, names);
    await signInAs(stack, role, ids);
  }
  await signInAs(stack, 'apply', claimsOf(contextOf('apply', other)).ids, other);

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
  const asked = roles.flatMap((role) => [
    ...elsewhere.map((claims) => ({ role, claims, environment: own })),
    ...roles
      .filter((another) => another !== role)
      .map((another) => ({ role, claims: claimsOf(contextOf(another)).ids, environment: own })),
  ]);
  const crossed = [
    { role: 'apply' as const, claims: claimsOf(contextOf('apply', own)).ids, environment: other },
    { role: 'apply' as const, claims: claimsOf(contextOf('apply', other)).ids, environment: own },
  ];
  return refused(
    [...asked, ...crossed].map(({ role, claims, environment }) => [
      `${claims.sub} (${claims.repository_id}) as ${role} of ${environment}`,
      async () => signInAs(stack, role, claims, environment),
    ]),
  );
};

const policy = { PolicyName: 'more', PolicyDocument: '{"Version":"2012-10-17","Statement":[]}' };

const clientsAs = async (stack: TestStack, role: GitHubRole) => {
  const environment = readEnvironment({ ENV: 'local' }, await signInAs(stack, role));
  const { region } = await readStateBackend(stack.environment);
  return { environment, region, options: awsClientOptions(environment, region) };
};

const refuseMore = async (stack: TestStack) => {
  const { functionName, signingSecretArn } = await readDeployment(stack.environment);
  const { bucket, key } = await readStateBackend(stack.environment);
  const [plan, drift, apply] = [
    await clientsAs(stack, 'plan'),
    await clientsAs(stack, 'drift'),
    await clientsAs(stack, 'apply'),
  ];
  const iam = new IAMClient(apply.options);
  return refused([
    [
      'a pull request reads the signing key',
      () =>
        new SecretsManagerClient(plan.options).send(
          new GetSecretValueCommand({ SecretId: signingSecretArn }),
        ),
    ],
    [
      'a pull request writes a state',
      () =>
        s3(plan.environment, plan.region).send(
          new PutObjectCommand({ Bucket: bucket, Key: key, Body: '{}' }),
        ),
    ],
    [
      'a look for drift changes the function',
      () =>
        new LambdaClient(drift.options).send(
          new UpdateFunctionConfigurationCommand({ FunctionName: functionName, Timeout: 3 }),
        ),
    ],
    [
      'a deployment makes a role without the boundary',
      () =>
        iam.send(
          new CreateRoleCommand({
            RoleName: `postern-${environments.own}-more`,
            AssumeRolePolicyDocument: policy.PolicyDocument,
          }),
        ),
    ],
    [
      'a deployment changes its own role',
      () =>
        iam.send(
          new PutRolePolicyCommand({
            RoleName: `github-postern-${environments.own}-apply`,
            ...policy,
          }),
        ),
    ],
  ]);
};

/** As names are made for it; nothing of it needs to be there for IAM to refuse. */
const refuseOtherEnvironment = async (stack: TestStack) => {
  const { other } = environments;
  const name = `postern-${other}`;
  const { accountId } = stack.environment.local;
  const { bucket, region } = await readStateBackend(stack.environment);
  const { environment, options } = await clientsAs(stack, 'apply');
  const [states, dynamoDb, lambda, iam] = [
    s3(environment, region),
    new DynamoDBClient(options),
    new LambdaClient(options),
    new IAMClient(options),
  ];
  const state = { Bucket: bucket, Key: `postern/${other}.tfstate` };
  const lock = { ...state, Key: `${state.Key}.tflock` };
  const trust = { AssumeRolePolicyDocument: policy.PolicyDocument };
  const boundary = (of: string) => `arn:aws:iam::${accountId}:policy/github-postern-${of}-boundary`;
  const item = { session_id: { S: 'a' } };
  return refused([
    ['reads its state', () => states.send(new GetObjectCommand(state))],
    ['writes its state', () => states.send(new PutObjectCommand({ ...state, Body: '{}' }))],
    ['takes its lock', () => states.send(new PutObjectCommand({ ...lock, Body: '{}' }))],
    ['removes its lock', () => states.send(new DeleteObjectCommand(lock))],
    [
      "writes the bootstrap's state",
      () =>
        states.send(
          new PutObjectCommand({ ...state, Key: 'bootstrap/terraform.tfstate', Body: '{}' }),
        ),
    ],
    ['reads its function', () => lambda.send(new GetFunctionCommand({ FunctionName: name }))],
    [
      'changes its function',
      () => lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Timeout: 3 })),
    ],
    [
      'describes its tables',
      () => dynamoDb.send(new DescribeTableCommand({ TableName: `${name}-sessions` })),
    ],
    [
      'reads a session',
      () => dynamoDb.send(new GetItemCommand({ TableName: `${name}-sessions`, Key: item })),
    ],
    [
      'makes a session',
      () => dynamoDb.send(new PutItemCommand({ TableName: `${name}-sessions`, Item: item })),
    ],
    [
      'reads its signing key',
      () =>
        new SecretsManagerClient(options).send(
          new GetSecretValueCommand({ SecretId: `${name}-token-signing-1` }),
        ),
    ],
    [
      'makes one of its roles',
      () =>
        iam.send(
          new CreateRoleCommand({
            RoleName: `${name}-more`,
            PermissionsBoundary: boundary(environments.own),
            ...trust,
          }),
        ),
    ],
    [
      'makes a role of its own under the other boundary',
      () =>
        iam.send(
          new CreateRoleCommand({
            RoleName: `postern-${environments.own}-more`,
            PermissionsBoundary: boundary(other),
            ...trust,
          }),
        ),
    ],
    [
      "changes the other environment's role for GitHub Actions",
      () =>
        iam.send(
          new PutRolePolicyCommand({ RoleName: `github-postern-${other}-apply`, ...policy }),
        ),
    ],
    ...(await refusedByTags(stack, options)),
  ]);
};

/** An API has an id for a name: its tags say whose it is. */
const refusedByTags = async (
  { environment }: TestStack,
  options: ReturnType<typeof awsClientOptions>,
) => {
  const root = new ApiGatewayV2Client(awsClientOptions(environment, 'us-east-1'));
  const tags = { Project: 'postern', Environment: environments.other };
  const { ApiId: id = '' } = await root.send(
    new CreateApiCommand({ Name: 'other', ProtocolType: 'HTTP', Tags: tags }),
  );
  const client = new ApiGatewayV2Client(options);
  return [
    ['changes its API', () => client.send(new UpdateApiCommand({ ApiId: id, Name: 'taken' }))],
    ['removes its API', () => client.send(new DeleteApiCommand({ ApiId: id }))],
  ] as const;
};

/** The role removes everything, and makes it again with a key, under which all is encrypted that can be. */
const encrypt = async (stack: TestStack) => {
  const environment = readEnvironment({ ENV: 'local' }, await signInAs(stack, 'apply'));
  await initialise(environment, await readStateBackend(environment));
  const settings = [...planArguments(environment), '-auto-approve'];
  await terraform(environment, ['destroy', ...settings]);
  await terraform(environment, ['apply', ...settings, '-var=customer_managed_key=true']);
  return passed;
};

/** Each has to end with AccessDenied. */
const refused = async (
  attempts: ReadonlyArray<readonly [what: string, attempt: () => Promise<unknown>]>,
) => {
  const results = await Promise.all(
    attempts.map(async ([what, attempt]) => {
      const reason = await attempt().then(
        () => 'it was allowed',
        ({ name, message }: Error) => (name.startsWith('AccessDenied') ? '' : message),
      );
      return reason === '' ? [] : [`${what}: ${reason}`];
    }),
  );
  const problems = results.flat();
  return problems.length === 0
    ? { ...passed, passed: attempts.length }
    : failed(problems.join('\n'));
};

type GitHubRole = 'plan' | 'drift' | 'apply';

/** The repository whose workflows the roles trust. */
const repository = { name: 'example/gateway', ownerId: '123456', id: '456789' };

/** The environment of the test's stack, and another one whose roles are made beside its own. */
const environments = { own: 'local', other: 'prod' };

/** The part of a token's subject after the repository, in the jobs of each role. */
const contextOf = (role: GitHubRole, environment = environments.own): string =>
  ({
    plan: 'pull_request',
    drift: 'ref:refs/heads/main',
    apply: `environment:${environment}`,
  })[role];

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

/**
 * The variables of a job that has signed in as configure-aws-credentials does. The emulator reads a token's claims and
 * not its signature. Throws where the role does not trust them.
 */
const signInAs = async (
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
    // Treated as an external emulator: only there do commands use the given credentials.
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
