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
  events: "eventBridge: { source: shop.web, detailType: 'Order{$request.header.x-kind}' }",
  placed: 'eventBridge: { source: shop.web, detailType: Placed, detail: { order: $request.body } }',
});

const arns = {
  UPSTREAM_EVENTS_ARN: 'arn:aws:events:us-east-1:123456789012:event-bus/shop',
  UPSTREAM_PLACED_ARN: 'arn:aws:events:us-east-1:123456789012:event-bus/shop',
};

let world: AwsUpstreamWorld;
beforeAll(async () => {
  world = await startAwsUpstreams(contract, arns);
});
afterAll(() => world.stop());
afterEach(() => world.aws.behave(world.aws.sound));

const json = { 'content-type': 'application/json' };

const headers = { ...json, 'x-kind': 'Placed' };

describe('an event for a bus', () => {
  it('has the body as its detail, and the response is 202 with its id', async () => {
    const response = await world.send('POST', '/events', { headers, body: '{"a":"ä"}' });
    expect(response).toMatchObject({ statusCode: 202, json: { id: 'event-1' } });
    expect(world.aws.events.at(-1)).toEqual({
      Entries: [
        {
          Source: 'shop.web',
          DetailType: 'OrderPlaced',
          Detail: '{"a":"ä"}',
          EventBusName: arns.UPSTREAM_EVENTS_ARN,
        },
      ],
    });
  });

  it('can have a detail with values of the request', async () => {
    await world.send('POST', '/placed', { headers: json, body: '{"a":1}' });
    expect(world.aws.events.at(-1)).toMatchObject({ Entries: [{ Detail: '{"order":{"a":1}}' }] });
  });

  it.each<[what: string, parts: object, expected: object]>([
    ['whose body is no object', { headers, body: '[1]' }, { statusCode: 400 }],
    ['whose body is no JSON', { headers, body: 'a' }, { statusCode: 400 }],
    ['without a value for its type', { headers: json, body: '{}' }, { statusCode: 400 }],
    [
      'that is too large',
      { headers, body: JSON.stringify({ a: 'a'.repeat(1_048_576) }) },
      { statusCode: 413, json: { detail: expect.stringContaining('1048576 are allowed') } },
    ],
  ])('%s is refused before the call', async (_, parts, expected) => {
    const before = world.aws.events.length;
    expect(await world.send('POST', '/events', parts)).toMatchObject(expected);
    expect(world.aws.events).toHaveLength(before);
  });
});

describe('a failure', () => {
  it.each<AwsFailure>([
    ...failuresOfAws,
    [
      'of the one entry of a call that succeeds',
      respondWith(200, { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] }),
      503,
      'UPSTREAM_UNAVAILABLE',
    ],
  ])('%s is no 202', async (_, behavior, statusCode, code) => {
    world.aws.behave(behavior);
    expect(await world.send('POST', '/events', { headers, body: '{}' })).toMatchObject({
      statusCode,
      json: { code },
    });
  });
});
