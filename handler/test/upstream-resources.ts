import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  LambdaClient,
  PublishVersionCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import type { Permission } from '../compiler/permissions.ts';
import { createJsonClient } from '../src/aws/json-client.ts';
import type { TrafficWeights } from '../src/stores/traffic/traffic-store.ts';
import { trafficTable } from '../../scripts/operations/traffic/traffic-table.ts';
import { awsOptions, deployment } from './stack.ts';

/** What the upstreams of a test are, and how to take a message out of one of its queues. */
export interface UpstreamResources {
  /** By the names of upstreams and values in the contract, and those of the tables. */
  readonly arns: Readonly<Record<string, string>>;
  /** The ARN of a new role that may do this and nothing else. */
  readonly roleFor: (permissions: readonly Permission[]) => Promise<string | undefined>;
  /** The next message of a queue, which is then gone. */
  readonly take: (queue: string) => Promise<Message>;
  /** An execution that has ended. */
  readonly executionOf: (
    machine: string,
    name: string,
  ) => Promise<Readonly<Record<string, unknown>>>;
  readonly remove: () => Promise<void>;
}

interface Wanted {
  /** The code of the Lambda function. */
  readonly code: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly weights: TrafficWeights;
}

/** The remains of an interrupted run are in nobody's way. */
const prefix = `${deployment.functionName}-upstreams-${randomBytes(3).toString('hex')}`;
const lambda = new LambdaClient(awsOptions);
const iam = new IAMClient(awsOptions);
const dynamoDb = new DynamoDBClient(awsOptions);
const secretsManager = new SecretsManagerClient(awsOptions);
const sqs = new SQSClient(awsOptions);
const sns = new SNSClient(awsOptions);
const logs = new CloudWatchLogsClient(awsOptions);
const s3 = new S3Client({ ...awsOptions, forcePathStyle: true });

/** One of each, in the account of the deployed stack. */
export const createUpstreamResources = async (wanted: Wanted): Promise<UpstreamResources> => {
  const removals: Array<() => Promise<unknown>> = [];
  const events = jsonClient('events', 'AWSEvents', '1.1');
  const states = jsonClient('states', 'AWSStepFunctions', '1.0');

  const queue = async (name: string, attributes: Record<string, string> = {}) => {
    const QueueName = `${prefix}-${name}${attributes['FifoQueue'] === 'true' ? '.fifo' : ''}`;
    const { QueueUrl = '' } = await sqs.send(
      new CreateQueueCommand({ QueueName, Attributes: attributes }),
    );
    removals.push(() => sqs.send(new DeleteQueueCommand({ QueueUrl })));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    queueUrls.set(name, QueueUrl);
    return Attributes?.['QueueArn'] ?? '';
  };
  const queueUrls = new Map<string, string>();

  const role = async (name: string, service: string, statements: readonly object[]) => {
    const RoleName = `${prefix}-${name}`;
    const trust = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
    const AssumeRolePolicyDocument = policyOf([trust]);
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    const own = { RoleName, PolicyName: 'own' };
    removals.push(async () => {
      await iam.send(new DeleteRolePolicyCommand(own)).catch(() => undefined);
      await iam.send(new DeleteRoleCommand({ RoleName }));
    });
    if (statements.length > 0)
      await iam.send(new PutRolePolicyCommand({ ...own, PolicyDocument: policyOf(statements) }));
    return Role?.Arn ?? '';
  };

  const ofFunction = async (): Promise<string> => {
    const FunctionName = `${prefix}-function`;
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: await role('function', 'lambda.amazonaws.com', []),
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: zipSync({ 'index.js': strToU8(wanted.code) }) },
      }),
    );
    removals.push(async () => {
      await lambda.send(new DeleteFunctionCommand({ FunctionName }));
      const group = { logGroupName: `/aws/lambda/${FunctionName}` };
      await logs.send(new DeleteLogGroupCommand(group)).catch(() => undefined);
    });
    const { FunctionArn = '' } = await lambda.send(new PublishVersionCommand({ FunctionName }));
    return FunctionArn;
  };

  const topicTo = async (queueArn: string): Promise<string> => {
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: `${prefix}-news` }));
    removals.push(() => sns.send(new DeleteTopicCommand({ TopicArn })));
    await sns.send(
      new SubscribeCommand({
        ...{ TopicArn, Protocol: 'sqs', Endpoint: queueArn },
        Attributes: { RawMessageDelivery: 'true' },
      }),
    );
    return TopicArn;
  };

  const busTo = async (queueArn: string): Promise<string> => {
    const Name = `${prefix}-bus`;
    const { EventBusArn } = await events('CreateEventBus', { Name });
    const rule = { Name: 'all', EventBusName: Name };
    await events('PutRule', {
      ...rule,
      EventPattern: JSON.stringify({ 'detail-type': ['OrderPlaced'] }),
    });
    const Targets = [{ Id: 'queue', Arn: queueArn }];
    await events('PutTargets', { Rule: rule.Name, EventBusName: Name, Targets });
    removals.push(async () => {
      await events('RemoveTargets', { Rule: rule.Name, EventBusName: Name, Ids: ['queue'] });
      await events('DeleteRule', rule);
      await events('DeleteEventBus', { Name });
    });
    return String(EventBusArn);
  };

  const machine = async (name: string, type: 'STANDARD' | 'EXPRESS', definition: object) => {
    const { stateMachineArn } = await states('CreateStateMachine', {
      ...{ name: `${prefix}-${name}`, type, definition: JSON.stringify(definition) },
      roleArn: await role(name, 'states.amazonaws.com', []),
    });
    removals.push(() => states('DeleteStateMachine', { stateMachineArn }));
    return String(stateMachineArn);
  };

  const bucket = async (): Promise<string> => {
    const Bucket = `${prefix}-files`;
    await s3.send(new CreateBucketCommand({ Bucket }));
    removals.push(async () => {
      for (const Key of ['in/hello.txt', 'in/new.txt'])
        await s3.send(new DeleteObjectCommand({ Bucket, Key }));
      await s3.send(new DeleteBucketCommand({ Bucket }));
    });
    return `arn:aws:s3:::${Bucket}`;
  };

  const secret = async (name: string, SecretString: string) => {
    const { ARN = '' } = await secretsManager.send(
      new CreateSecretCommand({ Name: `${prefix}-${name}`, SecretString }),
    );
    removals.push(() =>
      secretsManager.send(
        new DeleteSecretCommand({ SecretId: ARN, ForceDeleteWithoutRecovery: true }),
      ),
    );
    return ARN;
  };

  const table = async (name: string, key: string): Promise<string> => {
    const TableName = `${prefix}-${name}`;
    const { TableDescription } = await dynamoDb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
      }),
    );
    removals.push(() => dynamoDb.send(new DeleteTableCommand({ TableName })));
    return TableDescription?.TableArn ?? '';
  };

  /** With these weights in place of the contract's, as `make traffic` writes them. */
  const tableOfWeights = async (weights: TrafficWeights): Promise<string> => {
    const arn = await table('traffic', 'traffic_id');
    const items = trafficTable(dynamoDb, `${prefix}-traffic`);
    await items.write(await items.read(), { weights, changes: [] });
    return arn;
  };

  const heard = await queue('heard', {
    Policy: policyOf([
      {
        ...{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' },
        Principal: { Service: ['sns.amazonaws.com', 'events.amazonaws.com'] },
      },
    ]),
  });
  const forbidden = await queue('forbidden');
  const lambdaArn = await ofFunction();
  const secretArns = await Promise.all(
    Object.entries(wanted.secrets).map(async ([name, text]) => [name, await secret(name, text)]),
  );
  const arns: Record<string, string> = {
    ...{ exports: await queue('exports'), forbidden, missing: `${forbidden}-none` },
    orders: await queue('orders', { FifoQueue: 'true' }),
    ...{ quotes: lambdaArn, rates: lambdaArn, reports: lambdaArn },
    ...{ news: await topicTo(heard), placed: await busTo(heard) },
    workflow: await machine('workflow', 'STANDARD', {
      ...{ StartAt: 'Done', States: { Done: { Type: 'Pass', End: true } } },
    }),
    price: await machine('price', 'EXPRESS', priceDefinition),
    ...{ files: await bucket(), idempotency: await table('idempotency', 'idempotency_key') },
    traffic: await tableOfWeights(wanted.weights),
    ...(Object.fromEntries(secretArns) as Record<string, string>),
  };

  return {
    arns,
    roleFor: async (permissions) =>
      role('gateway', 'lambda.amazonaws.com', await statementsFor(permissions, arns)),
    take: async (name) => {
      const QueueUrl = queueUrls.get(name);
      for (let attempt = 0; attempt < 100; attempt += 1) {
        const { Messages: [message] = [] } = await sqs.send(
          new ReceiveMessageCommand({
            ...{ QueueUrl, MaxNumberOfMessages: 1 },
            ...{ MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] },
          }),
        );
        const { ReceiptHandle } = message ?? {};
        if (message !== undefined) {
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
          return message;
        }
        await sleep(100);
      }
      throw new Error(`${name} has no message`);
    },
    executionOf: async (name, execution) => {
      const arn = (arns[name] ?? '').replace(':stateMachine:', ':execution:');
      for (let attempt = 0; attempt < 100; attempt += 1) {
        const found = await states('DescribeExecution', { executionArn: `${arn}:${execution}` });
        if (found['status'] !== 'RUNNING') return found;
        await sleep(100);
      }
      throw new Error(`${execution} has not ended`);
    },
    remove: async () => {
      for (const removal of removals.toReversed()) await removal();
    },
  };
};

/** A product of the price; an unknown one is an error of the execution. */
const priceDefinition = {
  StartAt: 'Known',
  States: {
    Known: {
      Type: 'Choice',
      Choices: [{ Variable: '$.of.product', StringEquals: 'unknown', Next: 'Unknown' }],
      Default: 'Price',
    },
    Price: { Type: 'Pass', Result: { amount: 4_500 }, ResultPath: '$.price', End: true },
    Unknown: { Type: 'Fail', Error: 'UnknownProduct', Cause: 'There is no such product' },
  },
};

const policyOf = (statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

/** As terraform/modules/gateway/permissions.tf makes them of the permissions of a contract. */
const statementsFor = async (
  permissions: readonly Permission[],
  arns: UpstreamResources['arns'],
): Promise<readonly object[]> => {
  const { sessionTableName } = deployment;
  const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: sessionTableName }));
  const stores: Readonly<Record<string, string | undefined>> = {
    sessions: Table?.TableArn,
    idempotency: arns['idempotency'],
    traffic: arns['traffic'],
  };
  return permissions.map((permission) => {
    const arn =
      'store' in permission
        ? stores[permission.store]
        : 'secret' in permission
          ? deployment.signingSecretArn
          : arns['upstream' in permission ? permission.upstream : permission.value];
    if (arn === undefined) throw new TypeError(`No ARN for ${JSON.stringify(permission)}`);
    const within = 'within' in permission ? permission.within : '';
    return { Effect: 'Allow', Action: permission.actions, Resource: `${arn}${within}` };
  });
};

/** For the services of which there is no client of the SDK here. */
const jsonClient = (name: string, targetPrefix: string, version: '1.0' | '1.1') => {
  const { region, endpoint = '', credentials } = awsOptions;
  const attemptTimeoutMs = 10_000;
  const call = createJsonClient(
    {
      ...{ region, endpoint: new URL(endpoint), now: Date.now },
      credentials: () => ({
        accessKeyId: credentials?.accessKeyId ?? '',
        secretAccessKey: credentials?.secretAccessKey ?? '',
        sessionToken: credentials?.sessionToken,
      }),
    },
    { name, targetPrefix, contentType: `application/x-amz-json-${version}`, attemptTimeoutMs },
  );
  return (operation: string, input: object) =>
    call(operation, input, { deadlineMs: Date.now() + attemptTimeoutMs });
};
