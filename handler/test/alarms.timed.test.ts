import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { measured, type Measured, times } from '../../scripts/operations/metrics-rig/measured.ts';
import {
  type Alarm,
  alarmsThatAreOn,
  countedByLambda,
  createTimeline,
  measureMinute,
  readAlarms,
  subscribeToAlarms,
} from './alarm-stage.ts';
import { awsOptions, call, deployment, signIn, whileMisbehaving } from './stack.ts';

jest.setTimeout(60_000);

const timeline = await createTimeline();
const lambda = new LambdaClient(awsOptions);
const iam = new IAMClient(awsOptions);
const proven = new Set<string>();

let alarms: readonly Alarm[];
let topic: Awaited<ReturnType<typeof subscribeToAlarms>>;
let token: string;
let healthy: readonly Measured[];

const services = {
  status: '/status',
  users: '/users',
  products: '/products',
  settings: '/admin/settings',
};

/** Restores the services for other tests. */
const untilBreakersClose = async (): Promise<void> => {
  for (const path of Object.values(services)) {
    while ((await call('GET', `/api/v1${path}`, { token })).status === 503) await sleep(500);
  }
};

const users = (count: number, withToken = token) =>
  inTurn(count, () => call('GET', '/api/v1/users', { token: withToken }));

const inTurn = async (count: number, act: () => Promise<unknown>): Promise<void> => {
  for (let done = 0; done < count; done += 1) await act();
};

/** No failures for as long as the active alarms look back. */
const recover = async (): Promise<void> => {
  for (const minutes of [6, 60, 360]) {
    timeline.pass(minutes);
    await timeline.tell(healthy);
    if (minutes === 6 && (await alarmsThatAreOn()).length === 0) return;
  }
};

/**
 * Lets minutes pass until the alarms are active, and again until they end. No other alarm may change, and the topic has
 * a notification for each.
 */
const proves = async (
  expected: readonly string[],
  minute: readonly Measured[],
  { minutes = 6, every = 1 } = {},
): Promise<void> => {
  await topic.heard();
  await timeline.tell(minute, minutes, every);
  const telling = alarms.filter(({ name, tells }) => tells && expected.includes(name));
  const wentOff = [...(await alarmsThatAreOn())].sort();
  await recover(); // First: the next test starts without active alarms.
  expect(wentOff).toEqual([...expected].sort());
  expect(await alarmsThatAreOn()).toEqual([]);
  const heard = await topic.heard();
  const names = telling.map(({ name }) => name).sort();
  expect([...(heard.get('ALARM') ?? [])].sort()).toEqual(names);
  expect([...(heard.get('OK') ?? [])].sort()).toEqual(names);
  for (const name of expected) proven.add(name);
};

const burns = (objective: string, ...windows: readonly string[]) =>
  windows.map((window) => `slo-${objective}-burn-${window}`);
const fastAndSlow = (objective: string) => [
  ...burns(objective, '1h', '5m', '6h', '30m'),
  'slo-fast-burn',
  'slo-slow-burn',
];

beforeAll(async () => {
  alarms = await readAlarms();
  topic = await subscribeToAlarms();
  token = await signIn(['user', 'admin']);
  healthy = await measureMinute(() => users(40));
  await timeline.tell(healthy, 6);
  expect(await alarmsThatAreOn()).toEqual([]);
});

afterAll(async () => {
  await topic.end();
  await untilBreakersClose();
});

describe('alarms on requests', () => {
  it('go off when a service responds 500', async () => {
    const minute = await measureMinute(() =>
      whileMisbehaving('users', { status: 500, times: 20 }, () => users(40)),
    );
    await proves(['api-5xx-rate', ...fastAndSlow('availability')], minute);
  });

  it('go off when a few requests in a thousand fail for hours', async () => {
    const minute = await measureMinute(() =>
      whileMisbehaving('users', { status: 500, times: 1 }, () => users(120)),
    );
    const expected = [...burns('availability', '6h', '30m'), 'slo-slow-burn'];
    await proves(expected, minute, { minutes: 361, every: 5 });
  });

  it('go off when callers have no token', async () => {
    const minute = await measureMinute(() => inTurn(30, () => call('GET', '/api/v1/users')));
    await proves(['api-4xx-rate'], minute);
  });

  it('go off when a service is slow', async () => {
    const atOnce = () => Promise.all(Array.from({ length: 12 }, () => users(2)));
    await atOnce(); // A dozen functions that start at once may be slow by themselves.
    const minute = await measureMinute(() => whileMisbehaving('users', { delayMs: 3_200 }, atOnce));
    const expected = ['api-latency-p95', 'api-latency-p99', ...fastAndSlow('latency')];
    await proves(expected, minute, { minutes: 40 });
  });

  it('go off when limits cannot be counted', async () => {
    const policy = { RoleName: deployment.roleName, PolicyName: 'no-limits' };
    const denied = { Effect: 'Deny', Action: 'dynamodb:UpdateItem', Resource: '*' };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [denied] });
    await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
    try {
      await proves(['limiter-store-failures'], await measureMinute(() => users(10)));
    } finally {
      await iam.send(new DeleteRolePolicyCommand(policy));
    }
  });

  // With requests of one caller, only failures that are certainly the service's open a breaker for everyone.
  it('go off when each service responds 503', async () => {
    const minute = await measureMinute(async () => {
      for (const [service, path] of Object.entries(services)) {
        await whileMisbehaving(service, { status: 503 }, () =>
          inTurn(6, () => call('GET', `/api/v1${path}`, { token })),
        );
      }
    });
    const breakers = Object.keys(services).map((service) => `breaker-${service}`);
    await proves([...breakers, 'api-5xx-rate', ...fastAndSlow('availability')], minute);
  });

  it('go off when so many requests come that the budget would be gone in days', async () => {
    await proves(['spend-rate'], times(healthy, 200), { minutes: 12 });
  });

  it('go off when the function cannot run', async () => {
    const FunctionName = deployment.functionName;
    const { Handler } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const invoke = () =>
      lambda.send(new InvokeCommand({ FunctionName, Payload: Buffer.from('{}') }));
    // Code that is not published: it affects the function's metrics, but not the alias and its callers.
    await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Handler: 'index.missing' }),
    );
    try {
      const errors = await countedByLambda('Errors', () => inTurn(3, invoke));
      expect(errors).toBe(3);
      await proves(['function-errors'], [inFunction('Errors', errors)]);
    } finally {
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Handler }));
    }
  });
});

const metric =
  (namespace: string, dimensions: Measured['dimensions']) => (name: string, value: number) =>
    measured(
      { namespace, name, dimensions, unit: name === 'Duration' ? 'Milliseconds' : 'Count' },
      [value],
    );
const inFunction = metric('AWS/Lambda', { FunctionName: deployment.functionName });
const inTable = (TableName: string, Operation?: string) =>
  metric('AWS/DynamoDB', { TableName, ...(Operation === undefined ? {} : { Operation }) });
const { sessionTableName: sessions, rateLimitTableName: rateLimits } = deployment;

/** The emulator neither refuses nor fails like this, so the metric itself is the injected fault, named as AWS names it. */
describe('alarms on what only AWS can do', () => {
  it.each([
    ['function-throttles', inFunction('Throttles', 1)],
    ['function-duration', inFunction('Duration', 24_000)],
    ['function-concurrency', inFunction('ConcurrentExecutions', 170)],
    ['sessions-throttles', inTable(sessions)('ReadThrottleEvents', 1)],
    ['rate-limits-throttles', inTable(rateLimits)('WriteThrottleEvents', 1)],
    ['sessions-system-errors', inTable(sessions, 'GetItem')('SystemErrors', 1)],
    ['rate-limits-system-errors', inTable(rateLimits, 'UpdateItem')('SystemErrors', 1)],
  ])('%s', async (name, fault) => {
    await proves([name], [...healthy, fault]);
  });
});

it('leaves no alarm of the stack unproven', () => {
  expect([...proven].sort()).toEqual(alarms.map(({ name }) => name).sort());
});
