import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import {
  ConditionNotMet,
  type GetItem,
  type UpdateItem,
} from '../../../handler/src/stores/dynamodb/dynamodb.ts';
import { createFakeDynamoDb, type FakeDynamoDb } from '../../../handler/testing/fake-dynamodb.ts';
import type { Fixture } from '../fixture.ts';
import { signatureFault } from './signature.ts';

export interface StubReport {
  /** Calls by operation, refused ones among them. */
  readonly calls: Readonly<Record<string, number>>;
  /** Requests that real AWS would not have taken. */
  readonly faults: readonly string[];
}

interface UpdateItemRequest extends UpdateItem {
  readonly ReturnValues?: string;
  readonly ReturnValuesOnConditionCheckFailure?: string;
}

/** An operation of AWS's JSON protocols, given its parsed input. */
type Operation = (input: never) => Promise<object>;

/**
 * DynamoDB and Secrets Manager, as far as a gateway calls them: over HTTP, with signatures verified and
 * conditions evaluated, so that nobody is measured doing less than AWS would have asked of them.
 */
export const createAwsStub = (
  fixture: Fixture,
): { server: Server; takeReport: () => StubReport } => {
  let tables = createTables(fixture);
  let calls: Record<string, number> = {};
  let faults: string[] = [];

  const operations: Readonly<Record<string, Operation>> = {
    'DynamoDB_20120810.GetItem': async (input: GetItem) => ({
      Item: await tables.getItem(input, call),
    }),
    'DynamoDB_20120810.UpdateItem': async (input: UpdateItemRequest) => {
      const attributes = await tables.updateItem(input, call);
      return input.ReturnValues === undefined ? {} : { Attributes: attributes };
    },
    'secretsmanager.GetSecretValue': async ({ SecretId }: { SecretId: string }) => {
      if (SecretId !== fixture.secretArn) throw new Error(`There is no secret ${SecretId}`);
      return {
        ARN: SecretId,
        Name: 'bench',
        VersionId: randomUUID(),
        SecretString: fixture.secret,
      };
    },
  };

  const answer = async (request: IncomingMessage, body: Buffer): Promise<object> => {
    const target = String(request.headers['x-amz-target']);
    const name = target.split('.')[1] ?? target;
    calls[name] = (calls[name] ?? 0) + 1;
    const operation = operations[target];
    const place = `${request.method} ${request.url}`;
    if (!operation || place !== 'POST /') throw new Error(`Nothing answers ${target} at ${place}`);
    const fault = signatureFault(request, body);
    if (fault) throw new Error(fault);
    return operation(JSON.parse(body.toString()) as never);
  };

  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      answer(request, body).then(
        (value) => respond(response, 200, value),
        (error: Error) => {
          if (!(error instanceof ConditionNotMet)) faults.push(error.message);
          respond(response, 400, refusalOf(error, body));
        },
      );
    });
  });

  const takeReport = (): StubReport => {
    const report = { calls, faults };
    calls = {};
    faults = [];
    // Everyone starts with empty buckets, however long the run has been.
    tables = createTables(fixture);
    return report;
  };
  return { server, takeReport };
};

/** No call waits for anything here: the tables are in memory. */
const call = { deadlineMs: Number.POSITIVE_INFINITY };

const createTables = ({ sessionTable, rateLimitTable, sessions }: Fixture): FakeDynamoDb => {
  const tables = createFakeDynamoDb({
    [sessionTable]: 'session_id',
    [rateLimitTable]: 'rate_limit_key',
  });
  for (const item of sessions) tables.putItem(sessionTable, item);
  return tables;
};

const refusalOf = (error: Error, body: Buffer): object => {
  const prefix = 'com.amazonaws.dynamodb.v20120810#';
  if (!(error instanceof ConditionNotMet)) {
    return { __type: `${prefix}ValidationException`, message: error.message };
  }
  const wanted = JSON.parse(body.toString()) as UpdateItemRequest;
  const isShown = wanted.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  return {
    __type: `${prefix}ConditionalCheckFailedException`,
    message: 'The conditional request failed',
    ...(isShown && { Item: error.item }),
  };
};

const respond = (response: ServerResponse, status: number, value: object): void => {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': body.length,
    'x-amzn-requestid': randomUUID(),
    'x-amz-crc32': crc32(body),
  });
  response.end(body);
};
