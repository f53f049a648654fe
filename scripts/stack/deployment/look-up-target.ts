import { DescribeEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetBucketLocationCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeStateMachineAliasCommand,
  DescribeStateMachineCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { AwsClientOptions } from '../environments/aws-client.ts';

/** A resource of AWS that an upstream is. */
export interface AwsTarget {
  /** In the contract. */
  readonly upstream: string;
  /** The key of its kind, such as `sqs`. */
  readonly kind: string;
  readonly arn: string;
  /** What follows the account in the ARN. */
  readonly resource: string;
  /** That the contract calls it by. */
  readonly actions: readonly string[];
}

/** The account and the region of the gateway. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** `problem`: traffic would fail. `unknown`: the deployer may not see it, or AWS did not respond. */
export type Finding =
  { readonly is: 'fine' } | { readonly is: 'problem' | 'unknown'; readonly text: string };

type LookUp = (
  target: AwsTarget,
  options: AwsClientOptions,
  place: Place,
) => Promise<string | undefined>;

/** Whether the resource exists and is what the contract needs, with the credentials of the deployer. */
export const lookUpTarget = async (
  target: AwsTarget,
  options: AwsClientOptions,
  place: Place,
): Promise<Finding> => {
  const { what, lookUp } = kinds[target.kind] ?? {};
  if (lookUp === undefined) return { is: 'fine' };
  try {
    const text = await lookUp(target, options, place);
    return text === undefined ? fine : { is: 'problem', text: `${target.arn} ${text}` };
  } catch (error) {
    const { name, status } = describe(error);
    if (status === 404 || absent.has(name))
      return {
        is: 'problem',
        text: `there is no ${what} ${target.arn}. Create it, or correct the ARN`,
      };
    return { is: 'unknown', text: `${target.arn} (${name})` };
  }
};

const fine: Finding = { is: 'fine' };

const describe = (error: unknown): { readonly name: string; readonly status?: number } => {
  const { name, $metadata: { httpStatusCode: status } = {} } = error as {
    readonly name: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return { name, ...(status !== undefined && { status }) };
};

/** Older protocols have these with another status than 404. */
const absent: ReadonlySet<string> = new Set([
  'AWS.SimpleQueueService.NonExistentQueue',
  'QueueDoesNotExist',
  'ResourceNotFound',
  'ResourceNotFoundException',
  'StateMachineDoesNotExist',
]);

const kinds: Readonly<Record<string, { readonly what: string; readonly lookUp: LookUp }>> = {
  eventBridge: {
    what: 'event bus',
    lookUp: async ({ resource }, options) => {
      const Name = resource.replace('event-bus/', '');
      await new EventBridgeClient(options).send(new DescribeEventBusCommand({ Name }));
      return undefined;
    },
  },
  lambda: {
    what: 'Lambda function',
    lookUp: async ({ arn }, options) => {
      await new LambdaClient(options).send(
        new GetFunctionConfigurationCommand({ FunctionName: arn }),
      );
      return undefined;
    },
  },
  s3: {
    what: 'bucket',
    // HeadBucket would need the permission to list the objects.
    lookUp: async ({ resource }, options, { account, region }) => {
      const { LocationConstraint: location } = await new S3Client({
        ...options,
        forcePathStyle: options.endpoint !== undefined,
      }).send(new GetBucketLocationCommand({ Bucket: resource, ExpectedBucketOwner: account }));
      const own = regionOf(location);
      return own === region
        ? undefined
        : `is in ${own}: the gateway in ${region} calls only what is in its own region`;
    },
  },
  sns: {
    what: 'topic',
    lookUp: async ({ arn }, options) => {
      await new SNSClient(options).send(new GetTopicAttributesCommand({ TopicArn: arn }));
      return undefined;
    },
  },
  sqs: {
    what: 'queue',
    lookUp: async ({ resource }, options, { account }) => {
      const owned = { QueueName: resource, QueueOwnerAWSAccountId: account };
      await new SQSClient(options).send(new GetQueueUrlCommand(owned));
      return undefined;
    },
  },
  stepFunctions: {
    what: 'state machine',
    lookUp: async ({ arn, actions }, options) => {
      const states = new SFNClient(options);
      const [, machine = arn, qualifier] = /^(.+:stateMachine:[^:]+):?([^:]*)$/.exec(arn) ?? [];
      if (qualifier && !/^\d+$/.test(qualifier))
        await states.send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn: arn }));
      const { type } = await states.send(
        new DescribeStateMachineCommand({ stateMachineArn: machine }),
      );
      return type === 'STANDARD' && actions.includes('states:StartSyncExecution')
        ? 'is a standard state machine: "sync: true" needs an Express one'
        : undefined;
    },
  },
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
const regionOf = (location: string | undefined): string =>
  location === undefined || location === ''
    ? 'us-east-1'
    : location === 'EU'
      ? 'eu-west-1'
      : location;
