import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type AwsUpstreamWorld,
  contractOfPosts,
  failuresOfAws,
  startAwsUpstreams,
} from '../../../testing/aws-upstreams.ts';
import { reset, respondWith } from '../../../testing/fake-aws/behaviors.ts';

const contract = contractOfPosts({
  orders: 'stepFunctions: { name: $request.header.x-kind }',
  plain: 'stepFunctions: {}',
  price:
    'stepFunctions: { sync: true, input: { of: $request.body }, errors: { OutOfStock: 409, States.Timeout: 504 } }',
});

const arns = {
  UPSTREAM_ORDERS_ARN: 'arn:aws:states:us-east-1:123456789012:stateMachine:orders',
  UPSTREAM_PLAIN_ARN: 'arn:aws:states:us-east-1:123456789012:stateMachine:orders:live',
  UPSTREAM_PRICE_ARN: 'arn:aws:states:us-east-1:123456789012:stateMachine:price',
};

let world: AwsUpstreamWorld;
beforeAll(async () => {
  world = await startAwsUpstreams(contract, arns);
});
afterAll(() => world.stop());
afterEach(() => world.aws.behave(world.aws.sound));

const json = { 'content-type': 'application/json' };

const headers = { ...json, 'x-kind': 'order-1' };

describe('a request to a state machine', () => {
  it('starts an execution, and the response is 202 with its id alone', async () => {
    const response = await world.send('POST', '/orders', { headers, body: '{"a":1}' });
    expect(response).toMatchObject({ statusCode: 202, body: '{"id":"run-1"}' });
    expect(world.aws.events.at(-1)).toEqual({
      stateMachineArn: arns.UPSTREAM_ORDERS_ARN,
      input: '{"a":1}',
      name: 'order-1',
    });
  });

  it('is sent again after a lost response only if the execution has a name', async () => {
    world.aws.behave(reset, world.aws.sound);
    expect((await world.send('POST', '/orders', { headers, body: '{}' })).statusCode).toBe(202);
    world.aws.behave(reset, world.aws.sound);
    expect((await world.send('POST', '/plain', { headers, body: '{}' })).statusCode).toBe(502);
  });

  it('can wait for the output', async () => {
    expect(await world.send('POST', '/price', { headers: json, body: '{"a":1}' })).toMatchObject({
      statusCode: 200,
      body: '{"of":{"a":1}}',
    });
  });

  it.each<[status: string, statusCode: number, code: string]>([
    ['FAILED', 502, 'UPSTREAM_BAD_RESPONSE'],
    ['ABORTED', 502, 'UPSTREAM_BAD_RESPONSE'],
    ['TIMED_OUT', 504, 'UPSTREAM_TIMEOUT'],
  ])('whose execution has %s shows nothing of it', async (status, statusCode, code) => {
    world.aws.behave(respondWith(200, { status, error: 'toString', cause: 'card 4111' }));
    const response = await world.send('POST', '/price', { headers: json, body: '{}' });
    expect(response).toMatchObject({ statusCode, json: { code } });
    expect(response.body).not.toMatch(/toString|4111/);
  });

  it('whose execution has an error that the contract names is a response with its status', async () => {
    world.aws.behave(
      respondWith(200, { status: 'FAILED', error: 'OutOfStock', cause: 'card 4111' }),
    );
    const response = await world.send('POST', '/price', { headers: json, body: '{}' });
    expect(response).toMatchObject({ statusCode: 409, body: '{"error":"OutOfStock"}' });
  });

  it.each<[what: string, parts: object, expected: object]>([
    ['whose body is no JSON', { headers, body: 'a' }, { statusCode: 400 }],
    ['without a value for the name', { headers: json, body: '{}' }, { statusCode: 400 }],
    [
      'that is too large',
      { headers, body: JSON.stringify('a'.repeat(262_144)) },
      { statusCode: 413, json: { detail: expect.stringContaining('262144 are allowed') } },
    ],
  ])('%s is refused before the call', async (_, parts, expected) => {
    const before = world.aws.events.length;
    expect(await world.send('POST', '/orders', parts)).toMatchObject(expected);
    expect(world.aws.events).toHaveLength(before);
  });
});

describe('a failure', () => {
  it.each(failuresOfAws)('%s is no 202', async (_, behavior, statusCode, code) => {
    world.aws.behave(behavior);
    expect(await world.send('POST', '/plain', { headers, body: '{}' })).toMatchObject({
      statusCode,
      json: { code },
    });
  });
});
