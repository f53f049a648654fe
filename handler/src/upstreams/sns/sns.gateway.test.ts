import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type AwsFailure,
  type AwsUpstreamWorld,
  contractOfPosts,
  failuresOfAws,
  startAwsUpstreams,
} from '../../../testing/aws-upstreams.ts';
import { respondWith } from '../../../testing/fake-aws/behaviors.ts';

const contract = contractOfPosts({
  news: 'sns: { attributes: { kind: $request.header.x-kind } }',
  ordered: 'sns: { group: $request.header.x-kind, deduplicationId: $request.id }',
});

const arns = {
  UPSTREAM_NEWS_ARN: 'arn:aws:sns:us-east-1:123456789012:news',
  UPSTREAM_ORDERED_ARN: 'arn:aws:sns:us-east-1:123456789012:ordered.fifo',
};

let world: AwsUpstreamWorld;
beforeAll(async () => {
  world = await startAwsUpstreams(contract, arns);
});
afterAll(() => world.stop());
afterEach(() => world.aws.behave(world.aws.sound));

const json = { 'content-type': 'application/json' };

describe('a message to a topic', () => {
  it('is the body with the attributes that have a value, and the response is 202 with its id', async () => {
    const headers = { ...json, 'x-kind': 'a&b' };
    const response = await world.send('POST', '/news', { headers, body: '{"ä":1}' });
    expect(response).toMatchObject({ statusCode: 202, json: { id: 'message-1' } });
    expect(world.aws.events.at(-1)).toEqual({
      Action: 'Publish',
      Version: '2010-03-31',
      TopicArn: arns.UPSTREAM_NEWS_ARN,
      Message: '{"ä":1}',
      'MessageAttributes.entry.1.Name': 'kind',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'a&b',
    });
  });

  it('for a FIFO topic has its group and its deduplication id', async () => {
    await world.send('POST', '/ordered', { headers: { ...json, 'x-kind': 'g' }, body: '{}' });
    expect(world.aws.events.at(-1)).toMatchObject({
      MessageGroupId: 'g',
      MessageDeduplicationId: 'request-1',
    });
  });

  it('of more than 256 KiB is refused before the call: 413 with the limit', async () => {
    const before = world.aws.events.length;
    const body = `"${'a'.repeat(262_144)}"`;
    expect(await world.send('POST', '/news', { headers: json, body })).toMatchObject({
      statusCode: 413,
      json: { detail: expect.stringContaining('262144 are allowed') },
    });
    expect(world.aws.events).toHaveLength(before);
  });
});

describe('a failure', () => {
  it.each<AwsFailure>([
    ...failuresOfAws,
    [
      'in XML that is throttling',
      respondWith(400, '<ErrorResponse><Error><Code>Throttled</Code></Error></ErrorResponse>'),
      503,
      'UPSTREAM_UNAVAILABLE',
    ],
  ])('%s is no 202', async (_, behavior, statusCode, code) => {
    world.aws.behave(behavior);
    expect(await world.send('POST', '/news', { headers: json, body: '{}' })).toMatchObject({
      statusCode,
      json: { code },
    });
  });
});
