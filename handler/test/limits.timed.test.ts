import { beforeAll, describe, expect, it } from '@jest/globals';
import { contract } from '../generated/example/contract.js';
import { call, signIn, someone } from './stack.ts';

const { member } = contract.rateLimits;

/** The number of 200 and 429 responses to these requests from concurrent clients. */
const flood = async (tokens: readonly string[], requests: number) => {
  const statuses: number[] = [];
  let left = requests;
  const startedAtMs = performance.now();
  await Promise.all(
    tokens.map(async (token) => {
      while (left > 0) {
        left -= 1;
        statuses.push((await call('GET', '/api/v1/users?limit=1', { token })).status);
      }
    }),
  );
  const seconds = (performance.now() - startedAtMs) / 1000;
  const count = (status: number) => statuses.filter((each) => each === status).length;
  return {
    seconds,
    admitted: count(200),
    refused: count(429),
    others: statuses.length - count(200) - count(429),
  };
};

// Fifty processes that start at once on a laptop exceed the gateway's time limit for its stores.
beforeAll(async () => {
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(Array.from({ length: 50 }, () => call('GET', '/api/v1/users')));
  }
}, 60_000);

describe('a limit', () => {
  it('admits its burst and what time gives back, and no more, from 50 clients at once', async () => {
    if (member === undefined) throw new Error('The contract has no limit named member');
    const userId = someone();
    const tokens = await Promise.all(
      Array.from({ length: 50 }, () => signIn(['user'], { userId })),
    );
    const { seconds, admitted, refused, others } = await flood(tokens, member.burst + 300);
    const refill = (member.limit / member.windowSeconds) * seconds;
    // On a busy machine some of the fifty processes respond 503 because the emulator is slow; they may or may not have
    // taken a token.
    expect(others).toBeLessThan(200);
    expect(admitted).toBeLessThanOrEqual(member.burst + Math.ceil(refill));
    expect(admitted + others).toBeGreaterThanOrEqual(member.burst);
    expect(admitted + refused + others).toBe(member.burst + 300);
  }, 60_000);

  it('says honestly when to come back', async () => {
    if (member === undefined) throw new Error('The contract has no limit named member');
    const token = await signIn(['user']);
    await flood(
      Array.from({ length: 50 }, () => token),
      member.burst + 100,
    );
    let refusal = await call('GET', '/api/v1/users?limit=1', { token });
    for (let request = 0; refusal.status !== 429 && request < 50; request += 1) {
      refusal = await call('GET', '/api/v1/users?limit=1', { token });
    }
    expect(refusal).toMatchObject({ status: 429, json: { code: 'RATE_LIMITED' } });
    expect(refusal.headers.get('ratelimit')).toContain('r=0');
    const waitSeconds = Number(refusal.headers.get('retry-after'));
    expect(waitSeconds).toBeGreaterThanOrEqual(1);
    await new Promise((resolve) => setTimeout(resolve, waitSeconds * 1000));
    expect(await call('GET', '/api/v1/users?limit=1', { token })).toMatchObject({ status: 200 });
  }, 90_000);

  it('of one user leaves another’s alone', async () => {
    if (member === undefined) throw new Error('The contract has no limit named member');
    const busy = await signIn(['user']);
    await flood(
      Array.from({ length: 50 }, () => busy),
      member.burst + 100,
    );
    expect(await call('GET', '/api/v1/users', { token: await signIn(['user']) })).toMatchObject({
      status: 200,
    });
  }, 60_000);
});
