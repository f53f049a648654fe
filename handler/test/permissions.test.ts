import {
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { awsOptions, call, deployment } from './stack.ts';

interface Policy {
  readonly Version: string;
  readonly Statement: ReadonlyArray<{
    readonly Sid: string;
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
  }>;
}

const iam = new IAMClient(awsOptions);
const role = { RoleName: deployment.functionName };
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

/** Asks until the answer, which is kept for five seconds, says what is awaited. */
const readiness = async (awaited: RegExp): Promise<string> => {
  const untilMs = performance.now() + 20_000;
  for (;;) {
    const { bytes } = await call('GET', '/health/ready');
    if (awaited.test(bytes.toString()) || performance.now() > untilMs) return bytes.toString();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
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
      'dynamodb:UpdateItem',
      // The emulator keeps the function's log without asking; these two are AWS's own requirement.
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
    ]);
    expect(whole.Statement.flatMap(({ Resource }) => Resource)).not.toContain('*');
  });

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
      expect(await readiness(new RegExp(`cannot be reached: ${check}`))).toContain(
        `These cannot be reached: ${check}.`,
      );
      await put(whole);
      expect(await readiness(/"ready"/)).toContain('"status":"ready"');
    },
    60_000,
  );
});
