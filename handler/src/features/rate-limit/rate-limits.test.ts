import { beforeEach, describe, expect, it } from '@jest/globals';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import {
  gatewayWith,
  nowMs,
  route,
  send,
  signedIn,
  tokenOfAlice,
} from '../../../testing/gateway-with.ts';
import { limitOf } from '../../../testing/rate-limit-rules.ts';
import { StoreUnavailable } from '../../aws/aws-call.ts';
import type { RateLimitRule } from '../../contract.ts';
import { type Buckets, createBuckets } from '../../stores/buckets/bucket-store.ts';
import type { DynamoDb } from '../../stores/dynamodb/dynamodb.ts';
import { sessionEnded } from '../../stores/sessions/session.ts';

const visitor: RateLimitRule = { ...limitOf(1, 10, 2), name: 'visitor', per: ['ip'] };
const member: RateLimitRule = { ...limitOf(1, 20, 4), name: 'member', per: ['caller'] };
const policies = '"visitor";q=1;w=10, "member";q=1;w=20';

/** Writes to the table, as `take` or `back` with their key. */
let writes: string[];
let unreachable: string | undefined;
let recorded: DynamoDb;
let buckets: Buckets;

beforeEach(() => {
  const table = createFakeDynamoDb({ limits: 'rate_limit_key' });
  writes = [];
  unreachable = undefined;
  recorded = {
    ...table,
    updateItem: async (input, options) => {
      const key = JSON.stringify(input.Key['rate_limit_key']).slice(6, -2);
      writes.push(`${options.once === true ? 'back' : 'take'} ${key}`);
      if (key === unreachable) throw new StoreUnavailable('down');
      return table.updateItem(input, options);
    },
  };
  buckets = createBuckets({ tableName: 'limits', dynamoDb: recorded, now: () => nowMs });
});

const worldWith = (rateLimits: readonly RateLimitRule[], session?: () => never) => {
  const world = gatewayWith({
    routes: ['GET /a', 'GET /b'].map((id) => route(id, { ...signedIn(), rateLimits })),
    buckets,
    sessions: { find: async ({ userId }) => session?.() ?? { userId, roles: [] } },
  });
  const get = async (path = '/a', clientIp = '198.51.100.7') =>
    send(world, 'GET', path, {
      headers: { authorization: `Bearer ${await tokenOfAlice()}` },
      clientIp,
    });
  return { ...world, get };
};

const address = 'visitor#ip#198.51.100.7';
const alice = 'member#caller#alice';

describe('several rate limits of a route', () => {
  it('are all charged and named', async () => {
    const { get } = worldWith([visitor, member]);
    expect(await get()).toMatchObject({
      statusCode: 200,
      headers: {
        'ratelimit-policy': policies,
        ratelimit: expect.stringMatching(/^"visitor";r=1;t=\d+, "member";r=3;t=\d+$/),
      },
    });
    expect(writes).toEqual([`take ${address}`, `take ${alice}`]);
  });

  it('write nothing for a known refusal, and so do not charge the other limits', async () => {
    const { get, counted } = worldWith([visitor, member]);
    await get();
    await get();
    writes.length = 0;
    for (let request = 0; request < 5; request += 1) {
      expect(await get()).toMatchObject({
        statusCode: 429,
        headers: {
          'ratelimit-policy': policies,
          ratelimit: '"visitor";r=0;t=10',
          'retry-after': '10',
        },
        problem: { code: 'RATE_LIMITED', 'violated-policies': ['visitor'] },
      });
    }
    expect(writes).toEqual([]);
    expect(counted.filter(([name]) => name === 'rateLimited')).toEqual(
      Array(5).fill(['rateLimited', 1, { rule: 'visitor' }]),
    );
    expect((await get('/a', '198.51.100.8')).headers?.['ratelimit']).toContain('"member";r=1;');
  });

  it('return the tokens of the others when the table refuses one', async () => {
    const { get } = worldWith([visitor, member]);
    await get();
    await get();
    // Another execution environment, which has not seen that the bucket of the address is empty.
    buckets = createBuckets({ tableName: 'limits', dynamoDb: recorded, now: () => nowMs });
    writes.length = 0;
    expect(await worldWith([visitor, member]).get()).toMatchObject({
      statusCode: 429,
      headers: { ratelimit: expect.stringMatching(/^"visitor";r=0;t=\d+$/) },
      problem: { 'violated-policies': ['visitor'] },
    });
    expect(writes.filter((write) => write.endsWith(alice))).toEqual([
      `take ${alice}`,
      `back ${alice}`,
    ]);
    const allowed = await worldWith([visitor, member]).get('/a', '198.51.100.8');
    expect(allowed.headers?.['ratelimit']).toContain('"member";r=1;');
  });

  it('name all limits that refuse, with the longest Retry-After', async () => {
    const { get } = worldWith([
      { ...visitor, burst: 1 },
      { ...member, burst: 1 },
    ]);
    await get();
    expect(await get()).toMatchObject({
      headers: { 'retry-after': '20', ratelimit: '"visitor";r=0;t=10, "member";r=0;t=20' },
      problem: { 'violated-policies': ['visitor', 'member'] },
    });
  });

  it('accept a request that only a limit in shadow mode would refuse', async () => {
    const { get, counted } = worldWith([{ ...visitor, mode: 'shadow', burst: 1 }, member]);
    await get();
    const { statusCode, headers } = await get();
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ 'ratelimit-policy': '"member";q=1;w=20' });
    expect(headers?.['ratelimit']).toMatch(/^"member";r=2;/);
    expect(counted).toContainEqual(['shadowRefusals', 1, { rule: 'visitor' }]);
  });

  it('respond 503 and return the taken tokens when a limit with onError deny cannot be checked', async () => {
    unreachable = address;
    const { get } = worldWith([{ ...visitor, onStoreFailure: 'deny' }, member]);
    expect(await get()).toMatchObject({
      statusCode: 503,
      problem: { code: 'RATE_LIMIT_STORE_UNAVAILABLE' },
    });
    expect(writes.at(-1)).toBe(`back ${alice}`);
  });

  it('continue to count when a limit that allows on error cannot be checked', async () => {
    unreachable = address;
    const { headers, statusCode } = await worldWith([visitor, member]).get();
    expect(statusCode).toBe(200);
    expect(headers?.['ratelimit']).toMatch(/^"member";r=3;t=\d+$/);
  });

  it('charge a session that has ended only to its address', async () => {
    const { get } = worldWith([visitor, member], () => {
      throw sessionEnded('ended');
    });
    expect(await get()).toMatchObject({
      statusCode: 401,
      headers: { ratelimit: expect.stringMatching(/^"visitor";r=1;t=\d+$/) },
    });
    expect(writes).toEqual([`take ${address}`, `take ${alice}`, `back ${alice}`]);
  });
});

describe('a rate limit per caller and route', () => {
  it('counts each route separately', async () => {
    const { get } = worldWith([{ ...member, per: ['caller', 'route'], burst: 1 }]);
    expect((await get('/a')).statusCode).toBe(200);
    expect((await get('/a')).statusCode).toBe(429);
    expect((await get('/b')).statusCode).toBe(200);
    expect(writes).toEqual([`take ${alice}#route#GET /a`, `take ${alice}#route#GET /b`]);
  });
});
