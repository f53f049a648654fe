import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, GetItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { paginateListExecutions, SFNClient } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { rootKeyId } from '../../../stack/environments/local-environment.ts';
import { readSecret } from '../../../stack/local-cloud/secret.ts';
import type { ExampleCloud } from '../example-projects.ts';

/** An item of the table of orders. */
export interface OrderItem {
  readonly partner: string;
  readonly order_id: string;
  readonly status: string;
  readonly reason?: string;
}

/** An item of the table of effects: what a step has done for an execution, and undone. */
export interface EffectItem {
  readonly order: string;
  readonly effect: string;
  readonly done_at?: string;
  readonly undone_at?: string;
  readonly calls: number;
}

type QueueName = 'orders-local' | 'orders-local-dead-letters' | 'orders-local-notifications';

/** What examples/orders has deployed to a local cloud, seen from behind. */
export const ordersSystem = ({ port, accountId, folder }: ExampleCloud) => {
  const endpoint = `http://127.0.0.1:${port}`;
  const options = {
    region: 'us-east-1',
    endpoint,
    credentials: {
      accessKeyId: rootKeyId({ accountId }),
      secretAccessKey: readSecret(folder) ?? '',
    },
  };
  const dynamoDb = new DynamoDBClient(options);
  const lambda = new LambdaClient(options);
  const sqs = new SQSClient(options);
  const queueUrl = (queue: QueueName): string => `${endpoint}/${accountId}/${queue}`;
  const scan = async (table: string): Promise<ReadonlyArray<Record<string, unknown>>> => {
    const items: Array<Record<string, unknown>> = [];
    const pages = paginateScan({ client: dynamoDb }, { TableName: table, ConsistentRead: true });
    for await (const { Items = [] } of pages) items.push(...Items.map((item) => unmarshall(item)));
    return items;
  };
  return {
    endpoint: new URL(endpoint),
    /** From the table itself: thousands of requests for it would be most of the work. */
    statusOf: async ({
      partner,
      order_id,
    }: Pick<OrderItem, 'partner' | 'order_id'>): Promise<string | undefined> => {
      const { Item } = await dynamoDb.send(
        new GetItemCommand({ TableName: 'orders-local', Key: marshall({ partner, order_id }) }),
      );
      return Item?.['status']?.S;
    },
    orders: () =>
      scan('orders-local') as Promise<readonly unknown[]> as Promise<readonly OrderItem[]>,
    effects: () =>
      scan('orders-local-effects') as Promise<readonly unknown[]> as Promise<readonly EffectItem[]>,
    /** The status of each execution of the workflow. */
    executions: async (): Promise<readonly string[]> => {
      const stateMachineArn = `arn:aws:states:us-east-1:${accountId}:stateMachine:orders-local`;
      const pages = paginateListExecutions({ client: new SFNClient(options) }, { stateMachineArn });
      const statuses: string[] = [];
      for await (const { executions = [] } of pages)
        statuses.push(...executions.map(({ status }) => String(status)));
      return statuses;
    },
    send: (queue: QueueName, body: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(queue), MessageBody: body })),
    /** Messages in a queue, those that are being processed included. */
    messages: async (queue: QueueName): Promise<number> => {
      const { Attributes: counts = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: queueUrl(queue), AttributeNames: ['All'] }),
      );
      const { ApproximateNumberOfMessages: visible } = counts;
      return Number(visible) + Number(counts['ApproximateNumberOfMessagesNotVisible']);
    },
    /** The lines of the report of the day before a time. */
    report: async (scheduledAt: string): Promise<readonly string[]> => {
      const event = JSON.stringify({ scheduled_at: scheduledAt });
      const { Payload, FunctionError } = await lambda.send(
        new InvokeCommand({ FunctionName: 'orders-local-report', Payload: Buffer.from(event) }),
      );
      const result = Buffer.from(Payload ?? []).toString('utf8');
      if (FunctionError !== undefined) throw new Error(result);
      const { Body } = await new S3Client({ ...options, forcePathStyle: true }).send(
        new GetObjectCommand({
          Bucket: `orders-local-reports-${accountId}`,
          Key: JSON.parse(result) as string,
        }),
      );
      return ((await Body?.transformToString()) ?? '').trim().split('\n');
    },
    /** Adds environment variables to a function, for its calls from now on. */
    setVariables: async (
      name: string,
      variables: Readonly<Record<string, string>>,
    ): Promise<void> => {
      const FunctionName = name;
      const { Environment } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName }),
      );
      const Variables = { ...Environment?.Variables, ...variables };
      await lambda.send(
        new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }),
      );
    },
    /** Serves the gateway with what `setVariables` has changed. */
    releaseGateway: async (): Promise<void> => {
      const FunctionName = 'orders-local';
      const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName }));
      await lambda.send(
        new UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: Version }),
      );
    },
  };
};

export type OrdersSystem = ReturnType<typeof ordersSystem>;

/** Waits until a condition holds. Throws with `what` was waited for after `patienceMs`. */
export const until = async (
  holds: () => Promise<boolean>,
  what: string,
  patienceMs = 60_000,
): Promise<void> => {
  const deadlineMs = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > deadlineMs) throw new Error(`not after ${patienceMs} ms: ${what}`);
    await sleep(500);
  }
};
