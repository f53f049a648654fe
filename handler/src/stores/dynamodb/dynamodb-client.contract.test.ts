import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  respondWith,
  atServerTime,
  drip,
  hang,
  late,
  ok,
  refuseWith,
  reset,
  truncate,
} from '../../../testing/fake-aws/behaviors.ts';
import { startFakeAws, type FakeAws } from '../../../testing/fake-aws/fake-aws.ts';
import { createDynamoDb } from './dynamodb-client.ts';
import { StoreUnavailable } from '../../aws/aws-call.ts';
import { createDynamoDb as createSdkDynamoDb } from './sdk-dynamodb-client.ts';
import { ConditionNotMet, type DynamoDb, type GetItem, type UpdateItem } from './dynamodb.ts';
import type { AwsSettings } from '../../aws/json-client.ts';

/** A build contains one of them: they must behave the same. */
const implementations: [string, (settings: AwsSettings) => DynamoDb][] = [
  ['the small client', createDynamoDb],
  ['the SDK', createSdkDynamoDb],
];

const read: GetItem = { TableName: 'limits', Key: { id: { S: 'ü "1"' } }, ConsistentRead: true };
const write: UpdateItem = {
  TableName: 'limits',
  Key: { id: { S: '1' } },
  UpdateExpression: 'SET #n = :one',
  ConditionExpression: 'attribute_not_exists(#n)',
  ExpressionAttributeNames: { '#n': 'count' },
  ExpressionAttributeValues: { ':one': { N: '1' } },
};
const item = { id: { S: '1' }, data: { M: { roles: { L: [{ S: 'user' }] }, on: { BOOL: true } } } };

describe.each(implementations)('DynamoDB through %s', (_, create) => {
  let aws: FakeAws;
  let dynamoDb: DynamoDb;
  const within = (ms: number): { deadlineMs: number } => ({ deadlineMs: Date.now() + ms });
  const getItem = (): ReturnType<DynamoDb['getItem']> => dynamoDb.getItem(read, within(3_000));
  const updateItem = (): ReturnType<DynamoDb['updateItem']> =>
    dynamoDb.updateItem(write, within(3_000));

  beforeEach(async () => {
    aws = await startFakeAws();
    dynamoDb = create({
      region: 'eu-west-1',
      endpoint: aws.endpoint,
      now: Date.now,
      credentials: () => ({
        accessKeyId: 'AKIDEXAMPLE',
        secretAccessKey: 'secret',
        sessionToken: 'token',
      }),
    });
  });
  afterEach(() => aws.stop());

  it('reads an item, or undefined if there is none', async () => {
    aws.behave(ok({ Item: item }), ok({}));
    expect(await getItem()).toEqual(item);
    expect(await getItem()).toBeUndefined();
    expect(aws.requests[0]).toMatchObject({
      method: 'POST',
      path: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'DynamoDB_20120810.GetItem',
        'x-amz-security-token': 'token',
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/dynamodb\/aws4_request, /,
        ),
      },
    });
    expect(JSON.parse(aws.requests[0]?.body ?? '')).toEqual(read);
  });

  it('writes and reads bytes', async () => {
    const bytes = { B: Buffer.from([0, 255, 10]).toString('base64') };
    aws.behave(ok({}), ok({ Item: { id: { S: '1' }, bytes } }));
    const values = { ':one': bytes };
    await dynamoDb.updateItem({ ...write, ExpressionAttributeValues: values }, within(3_000));
    expect(JSON.parse(aws.requests[0]?.body ?? '')).toMatchObject({
      ExpressionAttributeValues: values,
    });
    expect(await getItem()).toEqual({ id: { S: '1' }, bytes });
  });

  it('updates an item and returns the new attributes', async () => {
    aws.behave(ok({ Attributes: { count: { N: '1' } } }), ok({}));
    expect(await updateItem()).toEqual({ count: { N: '1' } });
    expect(await updateItem()).toEqual({});
    expect(JSON.parse(aws.requests[0]?.body ?? '')).toEqual({
      ...write,
      ReturnValues: 'UPDATED_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  });

  it('throws ConditionNotMet with the current item, without a second attempt', async () => {
    const message = 'The conditional request failed';
    aws.behave(
      refuseWith('ConditionalCheckFailedException', { message, Item: item }),
      refuseWith('ConditionalCheckFailedException', { message }),
    );
    await expect(updateItem()).rejects.toEqual(new ConditionNotMet(item));
    await expect(updateItem()).rejects.toMatchObject({ name: 'ConditionNotMet', item: undefined });
    expect(aws.requests).toHaveLength(2);
  });

  it.each([
    ['throttling', refuseWith('ThrottlingException')],
    ['a hot partition', refuseWith('ProvisionedThroughputExceededException')],
    ['an internal error of AWS', refuseWith('InternalServerError', {}, 500)],
    ['a load balancer’s 503', respondWith(503, '<html>Service Unavailable</html>')],
    ['a reset connection', reset],
  ])(
    'recovers from %s with one retry, and throws StoreUnavailable when it repeats',
    async (_name, failure) => {
      aws.behave(failure, ok({ Item: item }));
      expect(await getItem()).toEqual(item);
      aws.behave(failure);
      await expect(updateItem()).rejects.toBeInstanceOf(StoreUnavailable);
      expect(aws.requests).toHaveLength(4);
    },
  );

  it.each([
    'ExpiredTokenException',
    'UnrecognizedClientException',
    'AccessDeniedException',
    'ResourceNotFoundException',
    'ValidationException',
  ])('throws StoreUnavailable for %s without a retry', async (code) => {
    aws.behave(refuseWith(code, { message: 'No' }));
    await expect(getItem()).rejects.toMatchObject({
      name: 'StoreUnavailable',
      cause: expect.objectContaining({ message: expect.stringContaining('No') }),
    });
    expect(aws.requests).toHaveLength(1);
  });

  it.each([
    ['a refused call', refuseWith('InternalServerError', {}, 500)],
    ['a lost connection', reset],
  ])(
    'makes one attempt of a call that must not happen twice, despite %s',
    async (_name, failure) => {
      aws.behave(failure);
      const updating = dynamoDb.updateItem(write, { ...within(3_000), once: true });
      await expect(updating).rejects.toBeInstanceOf(StoreUnavailable);
      expect(aws.requests).toHaveLength(1);
    },
  );

  it('signs with the server’s time after its own clock was refused', async () => {
    aws.behave(atServerTime(() => Date.now() + 7_200_000, ok({ Item: item })));
    expect(await getItem()).toEqual(item);
    expect(aws.requests).toHaveLength(2);
    expect(await getItem()).toEqual(item);
    expect(aws.requests).toHaveLength(3);
  });

  it.each([
    ['truncated', truncate],
    ['malformed', ok('{"Item":')],
    ['of another kind', ok('<html></html>')],
  ])('rejects a response that is %s', async (_name, failure) => {
    aws.behave(failure);
    await expect(getItem()).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(updateItem()).rejects.toBeInstanceOf(StoreUnavailable);
  });

  it.each([
    ['no response comes', hang],
    ['the response arrives byte by byte', drip(JSON.stringify({ Item: item }), 40)],
    ['throttling continues', late(60, refuseWith('ThrottlingException'))],
  ])('ends at its deadline when %s', async (_name, failure) => {
    aws.behave(failure);
    const startMs = Date.now();
    await expect(dynamoDb.getItem(read, within(300))).rejects.toBeInstanceOf(StoreUnavailable);
    expect(Date.now() - startMs).toBeLessThan(400);
  });

  it('reuses its connection', async () => {
    aws.behave(ok({}));
    await getItem();
    await getItem();
    await updateItem();
    expect(aws.requests.map(({ connection }) => connection)).toEqual([1, 1, 1]);
  });
});
