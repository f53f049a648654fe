import { describe, expect, it } from '@jest/globals';
import { compareLatency } from './compare-latency.ts';

const request = { method: 'GET', path: '/users' };
const versions = { live: '7', new: '8' };

/** The durations of both versions, one pair after the other. */
const compare = async (pairs: ReadonlyArray<readonly [liveMs: number, newMs: number]>) => {
  const called: string[] = [];
  const left = { 7: pairs.map(([live]) => live), 8: pairs.map(([, newMs]) => newMs) };
  const comparison = await compareLatency(
    async (version) => {
      called.push(version);
      const ms = left[version as '7' | '8'].shift() ?? NaN;
      return { kind: 'response', status: 200, headers: {}, cookies: [], body: '', ms };
    },
    versions,
    request,
  );
  return { comparison, called: called.join('') };
};

describe('compareLatency', () => {
  it('calls both versions in turns, until four pairs agree', async () => {
    const { comparison, called } = await compare(Array.from({ length: 7 }, () => [10, 30]));
    expect(called).toBe('78877887');
    expect(comparison).toEqual({ liveMs: 10, newMs: 30, slowerByMs: 20 });
  });

  it('needs at most seven pairs, and the majority decides', async () => {
    const [fast, slow] = [
      [10, 110],
      [10, 111],
    ] as const;
    const fastest = await compare([fast, slow, fast, slow, fast, slow, fast]);
    expect(fastest.called).toHaveLength(14);
    expect(fastest.comparison?.slowerByMs).toBe(100);
    const slowest = await compare([fast, slow, fast, slow, fast, slow, slow]);
    expect(slowest.comparison?.slowerByMs).toBe(101);
  });

  it('does not hold a cold start, or a moment in which both are slow, against a version', async () => {
    const { comparison } = await compare([
      [10, 900],
      [2_000, 2_010],
      [10, 12],
      [12, 10],
      [11, 11],
    ]);
    expect(comparison?.slowerByMs).toBe(2);
  });

  it('compares nothing when a version crashes', async () => {
    const crash = { kind: 'crash', message: 'boom' } as const;
    expect(await compareLatency(async () => crash, versions, request)).toBeUndefined();
  });
});
