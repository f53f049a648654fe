import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import {
  ConditionNotMet,
  type GetItem,
  type UpdateItem,
} from '../../src/stores/dynamodb/dynamodb.ts';
import { respondWith, type Behavior } from './behaviors.ts';
import { invoke, isInvocation } from './fake-lambda.ts';
import { createFakeSqs, type FakeSqs, type SqsMessage } from './fake-sqs.ts';
import { type FakeS3, isForS3, respondAsS3 } from './fake-s3.ts';
import { createFakeDynamoDb, type FakeDynamoDb, Refusal } from './fake-dynamodb.ts';

export interface AwsRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Such as `DynamoDB_20120810.GetItem`. */
  readonly target: string;
  /** The number of its connection, from 1. */
  readonly connection: number;
}

export interface FakeAws {
  readonly endpoint: URL;
  readonly dynamoDb: FakeDynamoDb;
  /** Texts by the id that they are read with. */
  readonly secrets: Map<string, string>;
  /** Lambda functions by their ARN. What one throws is its error. */
  readonly functions: Map<string, FakeFunction>;
  readonly sqs: FakeSqs;
  readonly s3: FakeS3;
  /** The inputs of PutEvents and of StartExecution, and the forms of Publish. */
  readonly events: readonly unknown[];
  readonly requests: readonly AwsRequest[];
  readonly openConnections: number;
  /** One behavior for each further request; the last one stays active. The default for all requests is `sound`. */
  behave(...behaviors: readonly Behavior[]): void;
  /** Responds as AWS does. */
  readonly sound: Behavior;
  stop(): Promise<void>;
}

/** Gets the payload of a call, and returns a result. */
export type FakeFunction = (payload: unknown) => unknown;

interface Options {
  /** Names with their partition keys. */
  readonly tables?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Serves requests that are not calls to AWS. */
  readonly service?: RequestListener;
  /** False for so many requests that they would fill the memory. */
  readonly keepsRequests?: boolean;
  /** Called with requests that AWS would refuse. A failed condition is not a refusal. */
  readonly onRefusal?: (message: string) => void;
}

/** DynamoDB, Secrets Manager and the services that upstreams can be, as one scriptable server on loopback. */
export const startFakeAws = async (options: Options = {}): Promise<FakeAws> => {
  const { service, keepsRequests = true, onRefusal } = options;
  const dynamoDb = createFakeDynamoDb(options.tables ?? {});
  const secrets = new Map(Object.entries(options.secrets ?? {}));
  const functions: FakeAws['functions'] = new Map();
  const sqs = createFakeSqs();
  const s3: FakeS3 = new Map();
  const events: unknown[] = [];
  const sound: Behavior = (response, request) => {
    const { target, body } = request;
    if (isInvocation(request)) return invoke(functions, request, response);
    if (isForS3(request)) return respondAsS3(s3, request, response);
    if (body.startsWith('Action=Publish&')) {
      events.push(Object.fromEntries(new URLSearchParams(body)));
      const text = '<PublishResponse><MessageId>message-1</MessageId></PublishResponse>';
      return respondWith(200, text, { 'content-type': 'text/xml' })(response);
    }
    const { status, fields } = respondTo({ dynamoDb, secrets, sqs, events }, target, body);
    const text = JSON.stringify(fields);
    if (status !== 200 && !text.includes('#ConditionalCheckFailed')) onRefusal?.(text);
    const headers = { 'x-amzn-requestid': randomUUID(), 'x-amz-crc32': String(crc32(text)) };
    return respondWith(status, text, headers)(response);
  };
  let script: readonly Behavior[] = [sound];
  let turn = 0;
  let connections = 0;
  const requests: AwsRequest[] = [];
  const numbers = new Map<object, number>();

  const server = createServer({ keepAliveTimeout: 600_000 }, (incoming, response) => {
    const target = incoming.headers['x-amz-target'];
    const isSigned = incoming.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ');
    if (!isSigned && service !== undefined) {
      incoming.resume();
      return service(incoming, response);
    }
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request: AwsRequest = {
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        target: String(target),
        connection: numbers.get(incoming.socket) ?? 0,
      };
      if (keepsRequests) requests.push(request);
      void script[Math.min(turn++, script.length - 1)]?.(response, request);
    });
  });
  server.on('connection', (socket) => {
    numbers.set(socket, (connections += 1));
    socket.on('close', () => numbers.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    endpoint: new URL(`http://127.0.0.1:${port}`),
    dynamoDb,
    secrets,
    functions,
    sqs,
    s3,
    events,
    requests,
    get openConnections() {
      return numbers.size;
    },
    behave: (...behaviors) => {
      script = behaviors;
      turn = 0;
    },
    sound,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

interface AwsState {
  readonly dynamoDb: FakeDynamoDb;
  readonly secrets: ReadonlyMap<string, string>;
  readonly sqs?: FakeSqs;
  /** The inputs of calls that only start or announce something. */
  readonly events?: unknown[];
}

interface AwsResponse {
  readonly status: number;
  readonly fields: object;
}

/** What AWS responds to a call of one of its JSON protocols. */
export const respondTo = (state: AwsState, target: string, body: string): AwsResponse => {
  try {
    return { status: 200, fields: carryOut(state, target, JSON.parse(body)) };
  } catch (error) {
    const code =
      error instanceof ConditionNotMet
        ? 'ConditionalCheckFailedException'
        : error instanceof Refusal
          ? error.code
          : 'SerializationException';
    const fields = { __type: `com.amazonaws#${code}`, message: String(error) };
    if (!(error instanceof ConditionNotMet)) return { status: 400, fields };
    const isShown = body.includes('"ReturnValuesOnConditionCheckFailure":"ALL_OLD"');
    return { status: 400, fields: { ...fields, ...(isShown && { Item: error.item }) } };
  }
};

const carryOut = (
  { dynamoDb, secrets, sqs, events = [] }: AwsState,
  target: string,
  input: unknown,
): object => {
  switch (target) {
    case 'DynamoDB_20120810.GetItem':
      return { Item: dynamoDb.get(input as GetItem) };
    case 'DynamoDB_20120810.UpdateItem': {
      const attributes = dynamoDb.update(input as UpdateItem);
      return 'ReturnValues' in (input as object) ? { Attributes: attributes } : {};
    }
    case 'secretsmanager.GetSecretValue': {
      const { SecretId: id } = input as { readonly SecretId: string };
      const text = secrets.get(id);
      if (text === undefined) throw new Refusal('ResourceNotFoundException', `No secret ${id}`);
      return { ARN: id, SecretString: text };
    }
    case 'AmazonSQS.SendMessage':
      if (sqs !== undefined) return sqs.send(input as SqsMessage);
      throw new Refusal('UnknownOperationException', `No operation ${target}`);
    case 'AWSEvents.PutEvents':
      events.push(input);
      return { FailedEntryCount: 0, Entries: [{ EventId: 'event-1' }] };
    case 'AWSStepFunctions.StartExecution':
      events.push(input);
      return { executionArn: 'arn:aws:states:us-east-1:123456789012:execution:orders:run-1' };
    case 'AWSStepFunctions.StartSyncExecution':
      events.push(input);
      return { status: 'SUCCEEDED', output: (input as { readonly input: string }).input };
    default:
      throw new Refusal('UnknownOperationException', `No operation ${target}`);
  }
};
