import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DeleteBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { join } from 'node:path';
import { terraformFolder } from '../command-line/folders.ts';
import { awsClientOptions } from '../environments/aws-client.ts';
import { readEnvironment } from '../environments/environment.ts';
import { readDeployment } from '../terraform/deployment.ts';
import { readStateBackend, s3 } from '../terraform/state-backend.ts';
import { terraform } from '../terraform/terraform.ts';
import { type Check, failed, passed } from './check.ts';
import { type GitHubRole, repository, signInAs, subjects } from './github-token.ts';
import { scriptCheck } from './program-check.ts';
import type { TestStack } from './test-stack.ts';

/** Each role does the work of its jobs, on an account where nothing is deployed yet, and nothing beyond it. */
export const githubRolesChecks = (stack: TestStack): readonly Check[] => [
  { name: 'roles for GitHub Actions', run: () => makeRoles(stack) },
  { name: 'the roles trust nobody else', run: () => refuseOthers(stack) },
  commandAs(stack, 'apply', 'deploy.ts'),
  commandAs(stack, 'drift', 'plan.ts'),
  commandAs(stack, 'plan', 'plan.ts', { REFRESH: '0' }),
  { name: 'the roles do nothing beyond their work', run: () => refuseMore(stack) },
];

const commandAs = (
  stack: TestStack,
  role: GitHubRole,
  script: string,
  more: NodeJS.ProcessEnv = {},
): Check => ({
  name: `role ${role}: ${script}`,
  run: async () => scriptCheck('', script, { ...(await signInAs(stack, role)), ...more }).run(),
});

/** As docs/github-actions.md has it. */
const makeRoles = async ({ environment }: TestStack) => {
  const { bucket, region } = await readStateBackend(environment);
  const settings = [`-var=github={repository="${repository}"}`, `-var=bucket_name=${bucket}`];
  await terraform(
    environment,
    [
      'apply',
      '-input=false',
      '-auto-approve',
      `-state=${join(environment.folder, 'bootstrap.tfstate')}`,
      '-var-file=local.tfvars',
      ...settings,
    ],
    { folder: join(terraformFolder, 'bootstrap') },
  );
  // It refuses whoever comes without TLS, as everybody but the account's root does here.
  await s3(environment, region).send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
  return passed;
};

const refuseOthers = async (stack: TestStack) => {
  const strangers = [
    'repo:someone/fork:pull_request',
    `repo:${repository}:ref:refs/heads/feature`,
    `repo:${repository}:environment:preview`,
    `repo:${repository}-2:environment:prod`,
  ];
  const asked = Object.entries(subjects).flatMap(([role, own]) =>
    [...strangers, ...Object.values(subjects).filter((subject) => subject !== own)].map(
      (subject) => ({ role: role as GitHubRole, subject }),
    ),
  );
  return refused(
    asked.map(({ role, subject }) => [
      `${subject} as ${role}`,
      async () => signInAs(stack, role, subject),
    ]),
  );
};

const refuseMore = async (stack: TestStack) => {
  const deployment = await readDeployment(stack.environment);
  const { functionName, signingSecretArn, region } = deployment;
  const { bucket, key } = await readStateBackend(stack.environment);
  const environmentAs = async (role: GitHubRole) => readEnvironment(await signInAs(stack, role));
  const optionsAs = async (role: GitHubRole) => awsClientOptions(await environmentAs(role), region);
  const planEnvironment = await environmentAs('plan');
  const [drift, apply] = [await optionsAs('drift'), await optionsAs('apply')];
  const iam = new IAMClient(apply);
  const policy = { PolicyName: 'more', PolicyDocument: '{"Version":"2012-10-17","Statement":[]}' };
  return refused([
    [
      'a pull request reads the signing key',
      () =>
        new SecretsManagerClient(awsClientOptions(planEnvironment, region)).send(
          new GetSecretValueCommand({ SecretId: signingSecretArn }),
        ),
    ],
    [
      'a pull request writes a state',
      () =>
        s3(planEnvironment, region).send(
          new PutObjectCommand({ Bucket: bucket, Key: key, Body: '{}' }),
        ),
    ],
    [
      'a look for drift changes the function',
      () =>
        new LambdaClient(drift).send(
          new UpdateFunctionConfigurationCommand({ FunctionName: functionName, Timeout: 3 }),
        ),
    ],
    [
      'a deployment makes a role without the boundary',
      () =>
        iam.send(
          new CreateRoleCommand({
            RoleName: 'postern-more',
            AssumeRolePolicyDocument: policy.PolicyDocument,
          }),
        ),
    ],
    [
      'a deployment changes its own role',
      () => iam.send(new PutRolePolicyCommand({ RoleName: 'github-postern-apply', ...policy })),
    ],
  ]);
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
  const faults = results.flat();
  return faults.length === 0 ? { ...passed, passed: attempts.length } : failed(faults.join('\n'));
};
