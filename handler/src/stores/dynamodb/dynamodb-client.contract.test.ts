import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSdkDynamoDb } from '../../../testing/sdk-dynamodb.ts';
import {
  answer,
  atServerTime,
  drip,
  hang,
  late,
  ok,
  refuseWith,
  reset,
  startStubAws,
  type StubAws,
  truncate,
} from '../../../testing/stub-aws.ts';
import { createDynamoDb } from './dynamodb-client.ts';
import { StoreUnavailable } from '../../aws/aws-call.ts';
import { ConditionNotMet, type DynamoDb, type GetItem, type UpdateItem } from './dynamodb.ts';
import type { AwsSettings } from '../../aws/json-client.ts';

/** The project's own client keeps what it promises if it does what the SDK does. */
const implementations: [string, (settings: AwsSettings) => DynamoDb][] = [
  ['its own client', createDynamoDb],
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

describe.each(implementations)('DynamoDB by %s', (_, create) => {
  let aws: StubAws;
  let dynamoDb: DynamoDb;
  const within = (ms: number): { deadlineMs: number } => ({ deadlineMs: Date.now() + ms });
  const getItem = (): ReturnType<DynamoDb['getItem']> => dynamoDb.getItem(read, within(3_000));
  const updateItem = (): ReturnType<DynamoDb['updateItem']> =>
    dynamoDb.updateItem(write, within(3_000));

  beforeEach(async () => {
    aws = await startStubAws();
    dynamoDb = create({
      region: 'eu-west-1',
      endpoint: aws.endpoint,
      credentials: () => ({
        accessKeyId: 'AKIDEXAMPLE',
        secretAccessKey: 'secret',
        sessionToken: 'token',
      }),
    });
  });
  afterEach(() => aws.stop());

  it('reads an item, or that there is none', async () => {
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

  it('updates an item and gives what is new of it', async () => {
    aws.behave(ok({ Attributes: { count: { N: '1' } } }), ok({}));
    expect(await updateItem()).toEqual({ count: { N: '1' } });
    expect(await updateItem()).toEqual({});
    expect(JSON.parse(aws.requests[0]?.body ?? '')).toEqual({
      ...write,
      ReturnValues: 'UPDATED_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  });

  it('says of a condition that did not hold what stands instead, and does not ask again', async () => {
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
    ['a fault of AWS’s own', refuseWith('InternalServerError', {}, 500)],
    ['a load balancer’s 503', answer(503, '<html>Service Unavailable</html>')],
    ['a reset connection', reset],
  ])('gets over %s once, and reports it the second time', async (_name, fault) => {
    aws.behave(fault, ok({ Item: item }));
    expect(await getItem()).toEqual(item);
    aws.behave(fault);
    await expect(updateItem()).rejects.toBeInstanceOf(StoreUnavailable);
    expect(aws.requests).toHaveLength(4);
  });

  it.each([
    'ExpiredTokenException',
    'UnrecognizedClientException',
    'AccessDeniedException',
    'ResourceNotFoundException',
    'ValidationException',
  ])('reports %s at once: asking again would not help', async (code) => {
    aws.behave(refuseWith(code, { message: 'No' }));
    await expect(getItem()).rejects.toMatchObject({
      name: 'StoreUnavailable',
      cause: expect.objectContaining({ message: expect.stringContaining('No') }),
    });
    expect(aws.requests).toHaveLength(1);
  });

  it('signs by the server’s clock after its own was wrong', async () => {
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
  ])('takes no answer that is %s', async (_name, fault) => {
    aws.behave(fault);
    await expect(getItem()).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(updateItem()).rejects.toBeInstanceOf(StoreUnavailable);
  });

  it.each([
    ['nothing comes', hang],
    ['the answer drips', drip(JSON.stringify({ Item: item }), 40)],
    ['throttling goes on', late(60, refuseWith('ThrottlingException'))],
  ])('ends at its deadline when %s', async (_name, fault) => {
    aws.behave(fault);
    const startMs = Date.now();
    await expect(dynamoDb.getItem(read, within(300))).rejects.toBeInstanceOf(StoreUnavailable);
    expect(Date.now() - startMs).toBeLessThan(400);
  });

  it('keeps its connection', async () => {
    aws.behave(ok({}));
    await getItem();
    await getItem();
    await updateItem();
    expect(aws.requests.map(({ connection }) => connection)).toEqual([1, 1, 1]);
  });
});
