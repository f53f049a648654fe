import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ok } from '../../../testing/fake-aws/behaviors.ts';
import { startFakeAws, type FakeAws } from '../../../testing/fake-aws/fake-aws.ts';
import { createDynamoDb } from './dynamodb-client.ts';

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws();
});
afterEach(() => aws.stop());

it.each(['text', ['list'], 1])(
  'rejects a response whose Item is not an object: %j',
  async (Item) => {
    aws.behave(ok({ Item }));
    const dynamoDb = createDynamoDb({
      region: 'eu-west-1',
      endpoint: aws.endpoint,
      now: Date.now,
      credentials: () => ({ accessKeyId: 'a', secretAccessKey: 's', sessionToken: undefined }),
    });
    const reading = dynamoDb.getItem(
      { TableName: 't', Key: {} },
      { deadlineMs: Date.now() + 1_000 },
    );
    await expect(reading).rejects.toMatchObject({ name: 'StoreUnavailable' });
  },
);
