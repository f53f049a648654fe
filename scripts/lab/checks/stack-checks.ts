import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { exampleVariables } from '../../stack/build/build-places.ts';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import { readDeployment } from '../../stack/terraform/deployment.ts';
import { readStateBackend } from '../../stack/terraform/state-backend.ts';
import { planArguments, terraform } from '../../stack/terraform/terraform.ts';
import { startWaitingApply } from '../../stack/terraform/waiting-apply.ts';
import { type DrillStack, outsideOfMake, shellWith } from '../drill/drill-stack.ts';
import { restoreState } from '../drill/drills.ts';
import { rehearse } from '../drill/rehearse.ts';
import { killWorkersOf } from '../torture/killed-workers-part.ts';
import { badBuildsCheck } from './bad-builds-check.ts';
import { type Check, failed, passed } from './check.ts';
import { githubRolesChecks } from './github-roles-checks.ts';
import { jestCheck } from './jest-check.ts';
import { commandOnLocal, scriptCheck } from './program-check.ts';
import { interruptedDeployCheck, killedCloudCheck } from './recovery-checks.ts';
import type { TestStack } from './test-stack.ts';

/** All of them, and for longer: `make gameday`. */
const twoShortFaults = ['KIND=error,store-throttled', 'FOR=3s'];

/** What only a deployed stack can show, in the order of its life. */
export const stackChecks = (stack: TestStack): readonly Check[] => {
  const { variables } = stack;
  return [
    interruptedDeployCheck(stack),
    jestCheck('integration tests', ['--selectProjects', 'integration', '--runInBand'], variables),
    scriptCheck('plan has no changes after a deploy', 'plan.ts', variables),
    bootstrapCheck(stack),
    drillCheck(stack),
    ...releaseChecks(stack), // Last of those that plan: it leaves a setting changed.
    stateLockCheck(stack),
    scriptCheck('load test: smoke', 'loadtest.ts', variables, ['SCENARIO=smoke']),
    scriptCheck('game day: two faults', 'gameday.ts', variables, twoShortFaults),
    killedWorkersCheck(stack),
    killedCloudCheck(stack),
    leftoversCheck(stack),
    ...githubRolesChecks(stack), // After a destroy, on an empty account.
    scriptCheck('destroy stops the local cloud', 'destroy.ts', variables),
  ];
};

/** A deploy has made the state's bucket before: both have one state of it, and neither makes it again. */
const bootstrapCheck = ({ variables }: TestStack): Check => ({
  name: 'bootstrap has no changes after a deploy',
  run: async () => {
    const { exitCode, stdout, stderr } = await run(
      process.execPath,
      commandOnLocal('bootstrap.ts'),
      { cwd: projectFolder, env: variables },
    );
    const changesNothing = exitCode === 0 && stderr.includes('bootstrap: nothing to change');
    return changesNothing ? passed : failed(`${stdout}${stderr}`.trim());
  },
});

/** 200 of them: `make torture PART=killed-workers`. */
const kills = 5;

const killedWorkersCheck = ({ variables }: TestStack): Check => ({
  name: `${kills} workers killed under load`,
  run: async () => {
    const seed = Date.now() % 2 ** 31;
    const { problems } = await killWorkersOf(variables, kills, seed);
    return problems.length === 0 ? passed : failed(`seed ${seed}:\n${problems.join('\n')}`);
  },
});

/** The drill that takes seconds; `make drill` runs all. */
const drillCheck = ({ environment, variables }: TestStack): Check => {
  const { LOCAL_FOLDER, LOCAL_PORT, LOCAL_ACCOUNT_ID } = variables;
  const stack: DrillStack = {
    environment,
    home: projectFolder,
    checkout: projectFolder,
    shell: shellWith({
      ...outsideOfMake(),
      ...exampleVariables,
      LOCAL_FOLDER,
      LOCAL_PORT,
      LOCAL_ACCOUNT_ID,
    }),
  };
  return {
    name: 'drill: restore-state',
    run: async () => {
      const { verdict, finding } = await rehearse(restoreState, stack);
      return verdict === 'passed' ? passed : failed(finding);
    },
  };
};

/** After a destroy the account holds nothing but the bucket with the state. */
const leftoversCheck = ({ environment }: TestStack): Check => ({
  name: 'destroy leaves nothing',
  run: async () => {
    const { region, baseUrl } = await readDeployment(environment);
    const { bucket } = await readStateBackend(environment);
    await terraform(environment, ['destroy', ...planArguments(environment), '-auto-approve']);

    const options = awsClientOptions(environment, region);
    const [tables, groups, secrets, buckets, { status }] = await Promise.all([
      new DynamoDBClient(options).send(new ListTablesCommand({})),
      new CloudWatchLogsClient(options).send(new DescribeLogGroupsCommand({})),
      new SecretsManagerClient(options).send(new ListSecretsCommand({})),
      new S3Client({ ...options, forcePathStyle: true }).send(new ListBucketsCommand({})),
      fetch(`${baseUrl}/health`),
    ]);
    const left = [
      ...(tables.TableNames ?? []),
      ...(groups.logGroups ?? []).map(({ logGroupName }) => logGroupName),
      ...(secrets.SecretList ?? []).map(({ Name }) => Name),
      ...(buckets.Buckets ?? []).map(({ Name }) => Name).filter((name) => name !== bucket),
      ...(status === 200 ? [baseUrl] : []),
    ];
    return left.length === 0 ? passed : failed(`still there: ${left.join(', ')}`);
  },
});

/** While one apply has the state lock and waits for confirmation, a second one is refused. */
const stateLockCheck = ({ environment }: TestStack): Check => ({
  name: 'the state lock refuses a second apply',
  run: async () => {
    const first = await startWaitingApply(environment);
    try {
      const second = await terraform(
        environment,
        ['apply', ...planArguments(environment), '-auto-approve'],
        {
          expected: [0, 1],
        },
      );
      const isRefused =
        second.exitCode === 1 &&
        second.diagnostics.some(({ summary }) => summary === 'Error acquiring the state lock');
      return isRefused
        ? passed
        : failed(`the second apply was not refused:\n${second.stdout}${second.stderr}`);
    } finally {
      await first.refuse();
    }
  },
});

/** A release of changed settings, and the way back; after either a plan has nothing to change. */
const releaseChecks = (stack: TestStack): readonly Check[] => {
  const variables = { ...stack.variables, TF_VAR_log_level: 'WARN' };
  return [
    scriptCheck('release', 'release.ts', variables, ['PAUSE=2s']),
    scriptCheck('plan has no changes after a release', 'plan.ts', variables),
    scriptCheck('rollback', 'rollback.ts', variables),
    badBuildsCheck(stack),
    scriptCheck('plan has no changes after rollbacks', 'plan.ts', variables),
  ];
};
