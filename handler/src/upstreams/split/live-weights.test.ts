import { describe, expect, it } from '@jest/globals';
import { recordLog } from '../../../testing/recorded-log.ts';
import type { TrafficWeights } from '../../stores/traffic/traffic-store.ts';
import type { UpstreamTarget } from '../../contract.ts';
import { createLiveWeights } from './live-weights.ts';

const http = (upstream: string, weight: number) => ({
  weight,
  target: { kind: 'http', upstream, rewrite: undefined, timeoutMs: 1_000 } as const,
});
const target: UpstreamTarget<'split'> = {
  kind: 'split',
  upstream: 'users,users-next',
  timeoutMs: 1_000,
  parts: [http('users-next', 10), http('users', 90)],
};

const world = () => {
  const clock = { nowMs: 1_000_000 };
  const reads: number[] = [];
  const table: { weights: TrafficWeights | Error } = { weights: {} };
  const { log, lines } = recordLog();
  const weights = createLiveWeights({
    store: {
      read: async (deadlineMs) => {
        reads.push(deadlineMs - clock.nowMs);
        if (table.weights instanceof Error) throw table.weights;
        return table.weights;
      },
    },
    log,
    now: () => clock.nowMs,
  });
  const of = (routeId = 'GET /users') => weights.of(routeId, target);
  return { clock, reads, table, lines, weights, of };
};

describe('the live weights', () => {
  it('are the contract’s until others are read, which a request waits for at a cold start', async () => {
    const { table, weights, of, reads } = world();
    table.weights = { 'users,users-next': { users: 50, 'users-next': 50 } };
    expect(of()).toEqual([10, 90]);
    const read = weights.refresh(Number.POSITIVE_INFINITY);
    expect(read).toBeDefined();
    expect(weights.refresh(0)).toBe(read); // One read for all who wait.
    await read;
    expect(of()).toEqual([50, 50]);
    expect(reads).toEqual([1_000]);
  });

  it('are read again after ten seconds, while the request goes on', async () => {
    const { clock, table, weights, of, reads } = world();
    await weights.refresh(Number.POSITIVE_INFINITY);
    table.weights = { 'users,users-next': { users: 0, 'users-next': 1 } };
    clock.nowMs += 9_999;
    expect(weights.refresh(clock.nowMs + 5_000)).toBeUndefined();
    expect(reads).toHaveLength(1);
    clock.nowMs += 1;
    expect(weights.refresh(clock.nowMs + 500)).toBeUndefined();
    expect(reads).toEqual([1_000, 500]);
    await new Promise(setImmediate);
    expect(of()).toEqual([1, 0]);
  });

  it('are waited for after a minute without a read', async () => {
    const { clock, weights } = world();
    await weights.refresh(Number.POSITIVE_INFINITY);
    clock.nowMs += 60_000;
    expect(weights.refresh(clock.nowMs + 5_000)).toBeInstanceOf(Promise);
  });

  it('stay as they were, and delay no request, while they cannot be read', async () => {
    const { clock, table, weights, of, lines, reads } = world();
    table.weights = { 'users,users-next': { users: 1, 'users-next': 1 } };
    await weights.refresh(Number.POSITIVE_INFINITY);
    table.weights = new Error('throttled');
    for (let minute = 0; minute < 3; minute += 1) {
      clock.nowMs += 60_000;
      await weights.refresh(clock.nowMs + 5_000);
    }
    clock.nowMs += 1;
    expect(weights.refresh(clock.nowMs + 5_000)).toBeUndefined();
    expect(of()).toEqual([1, 1]);
    expect(reads).toHaveLength(4);
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual(
      Array(3).fill('warn the weights of upstreams cannot be read: the last ones stay'),
    );
  });

  it('of a route come before those of its upstreams', async () => {
    const { table, weights, of } = world();
    table.weights = {
      'users,users-next': { users: 50, 'users-next': 50 },
      'GET /users': { users: 1, 'users-next': 3 },
    };
    await weights.refresh(Number.POSITIVE_INFINITY);
    expect(of()).toEqual([3, 1]);
    expect(of('GET /users/{id}')).toEqual([50, 50]);
  });

  it.each([
    ['another upstream', { users: 90, 'users-old': 10 }],
    ['an upstream less', { users: 90 }],
    ['an upstream more', { users: 90, 'users-next': 5, 'users-old': 5 }],
    ['no weight', { users: 0, 'users-next': 0 }],
  ])('that have %s are ignored, and the log says so once', async (_, set) => {
    const { table, weights, of, lines } = world();
    table.weights = { 'users,users-next': set };
    await weights.refresh(Number.POSITIVE_INFINITY);
    expect([of(), of()]).toEqual([
      [10, 90],
      [10, 90],
    ]);
    expect(lines).toMatchObject([
      { message: 'the weights are not for the upstreams of the contract: they are ignored' },
    ]);
  });
});
