import {
  type AlarmType,
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
} from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Measured, merged } from '../../scripts/operations/metrics-rig/measured.ts';
import { putMeasured } from '../../scripts/operations/metrics-rig/put-measured.ts';
import { readMeasured } from '../../scripts/operations/metrics-rig/read-measured.ts';
import { awsOptions, call, deployment } from './stack.ts';

export const cloudWatch = new CloudWatchClient(awsOptions);
const logs = new CloudWatchLogsClient(awsOptions);
const sns = new SNSClient(awsOptions);
const sqs = new SQSClient(awsOptions);

const minuteMs = 60_000;
/** The function writes its metrics at most once per second, with the next request. */
const metricsAreDueMs = 1_100;

/** The metrics of one minute with this traffic. */
export const measureMinute = async (
  traffic: () => Promise<unknown>,
): Promise<readonly Measured[]> => {
  const fromMs = Date.now();
  await traffic();
  await sleep(metricsAreDueMs);
  await call('GET', '/health');
  const byMinute = await readMeasured(logs, deployment, { fromMs, untilMs: Date.now() + 1_000 });
  return merged([...byMinute.values()].flat());
};

/** Lambda's metrics while `act` ran. The emulator counts direct invocations of a function. */
export const countedByLambda = async (
  name: string,
  act: () => Promise<unknown>,
): Promise<number> => {
  const StartTime = new Date();
  await act();
  const { Datapoints: points = [] } = await cloudWatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Lambda',
      MetricName: name,
      Dimensions: [{ Name: 'FunctionName', Value: deployment.functionName }],
      StartTime,
      EndTime: new Date(Date.now() + 1_000),
      Period: 60,
      Statistics: ['Sum'],
    }),
  );
  return points.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
};

/** All tests together use a day and a half of the timeline. CloudWatch accepts metrics of the last two weeks. */
const timelineMs = 40 * 60 * minuteMs;
const timelines = 8;

/** The latest period of the last weeks without metrics, so that tests can be repeated. */
const findFreeStretch = async (): Promise<number> => {
  const nowMs = Math.floor(Date.now() / minuteMs) * minuteMs;
  const begins = Array.from({ length: timelines }, (_, index) => nowMs - (index + 1) * timelineMs);
  for (const beginMs of begins) {
    const { Datapoints: points = [] } = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/ApiGateway',
        MetricName: 'Count',
        Dimensions: [
          { Name: 'ApiId', Value: deployment.apiId },
          { Name: 'Stage', Value: deployment.stageName },
        ],
        StartTime: new Date(beginMs),
        EndTime: new Date(beginMs + timelineMs - 60 * minuteMs),
        Period: 3_600,
        Statistics: ['SampleCount'],
      }),
    );
    if (points.length === 0) return beginMs;
  }
  throw new Error('The last two weeks are full of proofs: remove the stack and deploy it anew.');
};

/**
 * A separate timeline in the past, whose minutes are sent to CloudWatch as if they followed each other: an alarm over
 * six hours is tested in a second.
 */
export const createTimeline = async () => {
  let nowMs = await findFreeStretch();
  return {
    /** Lets this many minutes pass. Every n-th of them has these metrics. */
    tell: async (parts: readonly Measured[], minutes = 1, every = 1): Promise<void> => {
      const times = Array.from(
        { length: Math.ceil(minutes / every) },
        (_, index) => nowMs + index * every * minuteMs,
      );
      await putMeasured(cloudWatch, parts, times);
      nowMs += minutes * minuteMs;
    },
    pass: (minutes: number): void => {
      nowMs += minutes * minuteMs;
    },
  };
};

const types: AlarmType[] = ['MetricAlarm', 'CompositeAlarm'];
const nameStart = `${deployment.functionName}-`;

export interface Alarm {
  readonly name: string;
  readonly state: string;
  readonly tells: boolean;
}

/** Every alarm, by its name without the environment's. */
export const readAlarms = async (): Promise<readonly Alarm[]> => {
  const { MetricAlarms: simple = [], CompositeAlarms: composite = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: nameStart, AlarmTypes: types, MaxRecords: 100 }),
  );
  return [...simple, ...composite].map(({ AlarmName, StateValue, AlarmActions }) => ({
    name: (AlarmName ?? '').slice(nameStart.length),
    state: StateValue ?? '',
    tells: (AlarmActions ?? []).length > 0,
  }));
};

export const alarmsThatAreOn = async (): Promise<readonly string[]> =>
  (await readAlarms()).filter(({ state }) => state === 'ALARM').map(({ name }) => name);

/** A queue that the alarms' topic fills, as it would a team's mailbox. */
export const subscribeToAlarms = async () => {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'alarms-heard' }));
  const { Attributes: { QueueArn } = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: QueueArn,
    Condition: { ArnEquals: { 'aws:SourceArn': deployment.alarmTopicArn } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn: deployment.alarmTopicArn,
      Protocol: 'sqs',
      Endpoint: QueueArn,
      Attributes: { RawMessageDelivery: 'true' },
      ReturnSubscriptionArn: true,
    }),
  );

  /** The alarms with notifications since the last call, by their new state. */
  const heard = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
    const byState = new Map<string, string[]>();
    for (;;) {
      const { Messages: messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
      );
      if (messages.length === 0) return byState;
      for (const { Body = '{}', ReceiptHandle } of messages) {
        const { AlarmName, NewStateValue } = JSON.parse(Body) as Record<string, string>;
        const names = byState.get(NewStateValue ?? '') ?? [];
        byState.set(NewStateValue ?? '', [...names, (AlarmName ?? '').slice(nameStart.length)]);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };
  const end = async (): Promise<void> => {
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  };
  return { heard, end };
};
