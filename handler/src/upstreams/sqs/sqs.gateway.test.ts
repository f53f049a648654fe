import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type AwsUpstreamWorld, startAwsUpstreams } from '../../../testing/aws-upstreams.ts';
import { casesOf, report } from '../../../testing/effort.ts';
import {
  type Behavior,
  refuseWith,
  reset,
  respondWith,
} from '../../../testing/fake-aws/behaviors.ts';
import { type AwsRequest, respondTo } from '../../../testing/fake-aws/fake-aws.ts';
import { signatureProblem } from '../../../testing/fake-aws/signature.ts';

const contract = `
openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
x-postern:
  version: 1
  failureLimit: false
  upstreams:
    exports: { sqs: { attributes: { tenant: '$request.header.x-tenant', id: $request.id } }, timeout: 2s }
    orders:
      sqs: { group: 'shop-{$request.path.shop}', deduplicationId: $request.header.idempotency-key }
      timeout: 2s
      retries: 2
    notes: { sqs: { body: { shop: $request.path.shop, amount: '$request.body#/amount', source: web } } }
  defaults: { rateLimits: [], maxBodySize: 2MiB }
security: []
paths:
  /exports:
    x-postern: { upstream: exports }
    post:
      parameters: [{ name: x-tenant, in: header, schema: { type: string } }]
      responses: { '202': { description: Accepted } }
      requestBody: { content: { '*/*': {} } }
  /shops/{shop}/orders:
    x-postern: { upstream: orders }
    parameters:
      - { name: shop, in: path, required: true, schema: { type: string } }
    post:
      parameters: [{ name: idempotency-key, in: header, schema: { type: string } }]
      responses: { '202': { description: Accepted } }
      requestBody: { content: { application/json: {} } }
  /shops/{shop}/notes:
    x-postern: { upstream: notes }
    parameters:
      - { name: shop, in: path, required: true, schema: { type: string } }
    post: { responses: { '202': { description: Accepted } }, requestBody: { content: { application/json: {} } } }
`;

const arn = (queue: string): string => `arn:aws:sqs:us-east-1:123456789012:${queue}`;
const arns = {
  UPSTREAM_EXPORTS_ARN: arn('exports'),
  UPSTREAM_ORDERS_ARN: arn('orders.fifo'),
  UPSTREAM_NOTES_ARN: arn('notes'),
};

let world: AwsUpstreamWorld;
beforeAll(async () => {
  world = await startAwsUpstreams(contract, arns);
});
afterAll(() => world.stop());
afterEach(() => world.aws.behave(world.aws.sound));

const text = { 'content-type': 'text/plain' };
const json = { 'content-type': 'application/json' };

describe('a message to a queue', () => {
  it('is the body with the attributes that have a value, and the response is 202 with its id', async () => {
    const headers = { ...text, 'x-tenant': 'ä' };
    const { statusCode, json: fields } = await world.send('POST', '/exports', {
      headers,
      body: 'ä',
    });
    const stored = world.aws.sqs.messages('exports').at(-1);
    expect({ statusCode, fields }).toEqual({ statusCode: 202, fields: { id: stored?.id } });
    expect(stored).toMatchObject({
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/exports',
      MessageBody: 'ä',
      MessageAttributes: { tenant: { StringValue: 'ä' }, id: { StringValue: 'request-1' } },
    });
    await world.send('POST', '/exports', { headers: text, body: 'b' });
    expect(Object.keys(world.aws.sqs.messages('exports').at(-1)?.MessageAttributes ?? {})).toEqual([
      'id',
    ]);
  });

  it('is the template with values of the request', async () => {
    await world.send('POST', '/shops/7/notes', { headers: json, body: '{"amount":3}' });
    expect(JSON.parse(world.aws.sqs.messages('notes').at(-1)?.MessageBody ?? '')).toEqual({
      shop: '7',
      amount: 3,
      source: 'web',
    });
  });

  it('for a FIFO queue has its group and its deduplication id', async () => {
    const headers = { ...json, 'idempotency-key': 'k1' };
    const first = await world.send('POST', '/shops/7/orders', { headers, body: '{}' });
    const second = await world.send('POST', '/shops/7/orders', { headers, body: '{}' });
    expect(first.json).toEqual(second.json);
    expect(world.aws.sqs.messages('orders.fifo')).toMatchObject([
      { MessageGroupId: 'shop-7', MessageDeduplicationId: 'k1' },
    ]);
  });

  it('is signed', async () => {
    const requests: AwsRequest[] = [];
    world.aws.behave((response, request) => {
      requests.push(request);
      return world.aws.sound(response, request);
    });
    await world.send('POST', '/exports', { headers: text, body: 'a' });
    expect(requests.map(signatureProblem)).toEqual([undefined]);
  });

  it.each<[what: string, path: string, parts: object, expected: object]>([
    [
      'without the header that is its deduplication id',
      '/shops/7/orders',
      { headers: json, body: '{}' },
      { statusCode: 400, json: { detail: expect.stringContaining('no valid deduplication id') } },
    ],
    [
      'that is no text',
      '/exports',
      { headers: text, body: Buffer.from([0xff]) },
      { statusCode: 400, json: { detail: 'Send a body that is text.' } },
    ],
    [
      'with a control character',
      '/exports',
      { headers: text, body: 'a\u0000b' },
      { statusCode: 400, json: { detail: 'Send a body that is text.' } },
    ],
    ['that is empty', '/exports', {}, { statusCode: 400 }],
    [
      'that is larger than a queue takes',
      '/exports',
      { headers: text, body: 'a'.repeat(1_048_576) },
      { statusCode: 413, json: { detail: expect.stringContaining('1048576 are allowed') } },
    ],
  ])('%s is refused before the call', async (_, path, parts, expected) => {
    const before = world.aws.sqs.messages('exports').length;
    expect(await world.send('POST', path, parts)).toMatchObject(expected);
    expect(world.aws.sqs.messages('exports')).toHaveLength(before);
  });
});

describe('a queue', () => {
  const send = () => world.send('POST', '/exports', { headers: text, body: 'a' });

  it.each<[what: string, behavior: Behavior, status: number, code: string]>([
    ['that throttles', refuseWith('RequestThrottled', {}, 400), 503, 'UPSTREAM_UNAVAILABLE'],
    ['that fails', refuseWith('InternalFailure', {}, 500), 503, 'UPSTREAM_UNAVAILABLE'],
    ['that does not exist', refuseWith('QueueDoesNotExist'), 502, 'UPSTREAM_BAD_RESPONSE'],
    ['that refuses the role', refuseWith('AccessDenied', {}, 403), 502, 'UPSTREAM_BAD_RESPONSE'],
    ['whose response has no id', respondWith(200, {}), 502, 'UPSTREAM_BAD_RESPONSE'],
    ['whose response is no JSON', respondWith(200, 'ok'), 502, 'UPSTREAM_BAD_RESPONSE'],
  ])('%s has not accepted the message', async (_, behavior, statusCode, code) => {
    world.aws.behave(behavior);
    expect(await send()).toMatchObject({ statusCode, json: { code } });
  });

  it('gets a message again after a lost response only if it recognizes the second one', async () => {
    world.aws.behave(reset, world.aws.sound);
    expect(await send()).toMatchObject({ statusCode: 502 });
    world.aws.behave(reset, world.aws.sound);
    const headers = { ...json, 'idempotency-key': 'k2' };
    expect(await world.send('POST', '/shops/7/orders', { headers, body: '{}' })).toMatchObject({
      statusCode: 202,
    });
  });
});

describe('the ARN of a queue', () => {
  it.each([
    ['a FIFO queue where the contract has no group', 'UPSTREAM_EXPORTS_ARN', arn('exports.fifo')],
    [
      'no FIFO queue where the contract has a deduplicationId',
      'UPSTREAM_ORDERS_ARN',
      arn('orders'),
    ],
    ['a topic', 'UPSTREAM_NOTES_ARN', 'arn:aws:sns:us-east-1:123456789012:notes'],
  ])('that names %s is a misconfiguration', async (_, variable, text) => {
    const own = await startAwsUpstreams(contract, { ...arns, [variable]: text });
    const { json: fields } = await own.send('POST', '/exports', { headers: json, body: '{}' });
    await own.stop();
    expect(fields['code']).toBe('GATEWAY_MISCONFIGURED');
    expect(JSON.stringify(own.lines)).toContain(variable);
  });
});

/** A queue that has stored the message, and says otherwise. */
const storedAnd =
  (behavior: Behavior): Behavior =>
  (response, request) => {
    const { dynamoDb, secrets, sqs } = world.aws;
    respondTo({ dynamoDb, secrets, sqs }, request.target, request.body);
    return behavior(response, request);
  };

it('no message that 50 clients got 202 for is lost while one call in ten is throttled or fails, and FIFO has none twice', async () => {
  const failures = [
    refuseWith('RequestThrottled', {}, 400),
    refuseWith('InternalFailure', {}, 500),
    refuseWith('ServiceUnavailable', {}, 503),
    reset,
    storedAnd(reset),
    storedAnd(refuseWith('InternalFailure', {}, 500)),
  ];
  let calls = 0;
  world.aws.behave((response, request) => {
    calls += 1;
    const failure = calls % 10 === 0 ? failures[(calls / 10) % failures.length] : undefined;
    return (failure ?? world.aws.sound)(response, request);
  });
  const acknowledged: Array<readonly [queue: string, id: unknown, body: string]> = [];
  const failed: unknown[] = [];
  const rounds = casesOf(8, 200);
  await Promise.all(
    Array.from({ length: 50 }, async (_, client) => {
      for (let round = 0; round < rounds; round += 1) {
        const key = `c${client}-${round}`;
        const isFifo = round % 2 === 0;
        const headers = { ...json, 'idempotency-key': key };
        const path = isFifo ? '/shops/1/orders' : '/exports';
        const response = await world.send('POST', path, { headers, body: JSON.stringify({ key }) });
        if (response.statusCode === 202)
          acknowledged.push([isFifo ? 'orders.fifo' : 'exports', response.json['id'], key]);
        else failed.push(response.json['code']);
      }
    }),
  );
  const stored = ['exports', 'orders.fifo'].map(
    (queue) =>
      [
        queue,
        new Map(world.aws.sqs.messages(queue).map((each) => [each.id, each.MessageBody])),
      ] as const,
  );
  const lost = acknowledged.filter(
    ([queue, id, key]) => new Map(stored).get(queue)?.get(String(id)) !== JSON.stringify({ key }),
  );
  expect(lost).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(50 * rounds * 0.9);
  expect(new Set(failed)).toEqual(new Set(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_BAD_RESPONSE']));
  const ofFifo = world.aws.sqs.messages('orders.fifo').map(({ MessageBody }) => MessageBody);
  const keys = ofFifo.filter((body) => body !== '{}');
  expect(new Set(keys).size).toBe(keys.length);
  report(50 * rounds, { acknowledged: acknowledged.length });
});
