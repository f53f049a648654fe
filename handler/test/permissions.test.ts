import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { invokeVersion } from '../../scripts/operations/release/invoke-version.ts';
import { awsOptions, call, deployment, signIn } from './stack.ts';

interface Policy {
  readonly Version: string;
  readonly Statement: ReadonlyArray<{
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
    readonly Condition?: unknown;
  }>;
}

const iam = new IAMClient(awsOptions);
const lambda = new LambdaClient(awsOptions);
const dynamoDb = new DynamoDBClient(awsOptions);
const role = { RoleName: deployment.roleName };
let policyName = '';
let whole: Policy;

const put = (policy: Policy) =>
  iam.send(
    new PutRolePolicyCommand({
      ...role,
      PolicyName: policyName,
      PolicyDocument: JSON.stringify(policy),
    }),
  );

/** Requests readiness until the response, which is kept for five seconds, matches. */
const readiness = async (expected: RegExp): Promise<string> => {
  const untilMs = performance.now() + 20_000;
  for (;;) {
    const { bytes } = await call('GET', '/health/ready');
    if (expected.test(bytes.toString()) || performance.now() > untilMs) return bytes.toString();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
};

/** Readiness of `$LATEST`: the settings are applied there, and serve no request yet. */
const readinessOfLatest = async (): Promise<string> => {
  const invoke = invokeVersion(lambda, { ...deployment, clientIp: () => '198.51.100.7' });
  const response = await invoke('$LATEST', { method: 'GET', path: '/health/ready' });
  return response.kind === 'response' ? response.body : response.message;
};

beforeAll(async () => {
  const { PolicyNames: names = [] } = await iam.send(new ListRolePoliciesCommand(role));
  expect(names).toHaveLength(1);
  policyName = names[0] ?? '';
  const { PolicyDocument: document = '' } = await iam.send(
    new GetRolePolicyCommand({ ...role, PolicyName: policyName }),
  );
  whole = JSON.parse(decodeURIComponent(document)) as Policy;
});

afterAll(() => put(whole));

describe('the function’s role', () => {
  it('allows no wildcard action, and nothing beyond what is tried here', async () => {
    const { AttachedPolicies: attached = [] } = await iam.send(
      new ListAttachedRolePoliciesCommand(role),
    );
    expect(attached).toEqual([]);
    expect(whole.Statement.flatMap(({ Action }) => Action).toSorted()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
      // The emulator needs no permission for the function's log; AWS requires these two.
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
    ]);
    expect(whole.Statement.flatMap(({ Resource }) => Resource)).not.toContain('*');
  });

  it('reads sessions only from the environment’s own tables: those in use, and restored ones', () => {
    const reading = whole.Statement.filter(
      ({ Action, Condition }) => Action.includes('dynamodb:GetItem') && Condition === undefined,
    );
    const sessions = new RegExp(`^arn:[^*]+:table/${deployment.functionName}-sessions(-\\*)?$`);
    expect(reading.flatMap(({ Resource }) => Resource)).toEqual([
      expect.stringMatching(sessions),
      expect.stringMatching(sessions),
    ]);
  });

  it('reads a single item of the rate limits, and that only because faults may be injected here', () => {
    const reading = whole.Statement.filter(({ Condition }) => Condition !== undefined);
    expect(reading).toMatchObject([
      {
        Action: ['dynamodb:GetItem'],
        Resource: [expect.stringMatching(/:table\/[\w-]+-rate-limits$/)],
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['fault-injection'] } },
      },
    ]);
  });

  it('reads sessions from a restored table while the serving version still reads the one before', async () => {
    const restored = `${deployment.functionName}-sessions-permissions-test`;
    const latest = { FunctionName: deployment.functionName };
    await dynamoDb.send(
      new CreateTableCommand({
        TableName: restored,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'session_id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'session_id', AttributeType: 'S' }],
      }),
    );
    const { Environment: environment } = await lambda.send(
      new GetFunctionConfigurationCommand(latest),
    );
    const variables = environment?.Variables ?? {};
    const setTable = (table: string) =>
      lambda.send(
        new UpdateFunctionConfigurationCommand({
          ...latest,
          Environment: { Variables: { ...variables, GATEWAY_SESSION_TABLE_NAME: table } },
        }),
      );
    try {
      await setTable(restored);
      expect(await readinessOfLatest()).toContain('"status":"ready"');
      expect((await call('GET', '/api/v1/users', { token: await signIn(['user']) })).status).toBe(
        200,
      );
      // The role must not read another environment's table.
      await setTable('postern-other-sessions');
      expect(await readinessOfLatest()).toContain('Not available: session_table.');
    } finally {
      await setTable(variables['GATEWAY_SESSION_TABLE_NAME'] ?? '');
      await dynamoDb.send(new DeleteTableCommand({ TableName: restored }));
    }
  }, 60_000);

  it('is enough for everything that the gateway needs', async () => {
    expect(await readiness(/"ready"/)).toContain('"status":"ready"');
  }, 30_000);

  it.each([
    ['dynamodb:GetItem', 'session_table'],
    ['dynamodb:UpdateItem', 'rate_limit_table'],
    ['secretsmanager:GetSecretValue', 'token_signing_key'],
  ])(
    'cannot do without %s',
    async (action, check) => {
      const rest = whole.Statement.filter(({ Action }) => !Action.includes(action));
      await put({ ...whole, Statement: rest });
      expect(await readiness(new RegExp(`Not available: ${check}`))).toContain(
        `Not available: ${check}.`,
      );
      await put(whole);
      expect(await readiness(/"ready"/)).toContain('"status":"ready"');
    },
    60_000,
  );
});
