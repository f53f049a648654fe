import { beforeEach, describe, expect, it } from '@jest/globals';
import { limitOf, member } from '../../../testing/rate-limit-rules.ts';
import {
  decideFromMemory,
  createKeyMemory,
  noteContended,
  noteTaken,
  tokensToTake,
} from './key-memory.ts';
import { bucketOf } from './token-bucket.ts';

const now = 1_764_000_000_000_000;
const second = 1_000_000;

let memory: ReturnType<typeof createKeyMemory>;
beforeEach(() => {
  memory = createKeyMemory();
});

describe('tokens taken at once', () => {
  /** A thousand tokens a second, two thousand at most. */
  const bucket = bucketOf(limitOf(1_000, 1, 2_000));

  it.each([
    { asked: 'rarely', perSecond: 34, tokens: 2_000, waiting: 0, taken: 1 },
    {
      asked: 'rarely, with others that wait',
      perSecond: 34,
      tokens: 2_000,
      waiting: 10,
      taken: 11,
    },
    {
      asked: 'often: tokens for a fifth of a second',
      perSecond: 35,
      tokens: 2_000,
      waiting: 0,
      taken: 7,
    },
    {
      asked: 'often, but not yet for one more token',
      perSecond: 38,
      tokens: 2_000,
      waiting: 0,
      taken: 7,
    },
    {
      asked: 'very often: a sixteenth of the tokens',
      perSecond: 2_000,
      tokens: 2_000,
      waiting: 0,
      taken: 125,
    },
    {
      asked: 'very often: tokens for a tenth of a second',
      perSecond: 2_000,
      tokens: 160,
      waiting: 0,
      taken: 100,
    },
    {
      asked: 'by more waiting requests than that',
      perSecond: 2_000,
      tokens: 2_000,
      waiting: 300,
      taken: 301,
    },
    { asked: 'where fewer are left', perSecond: 2_000, tokens: 5, waiting: 300, taken: 5 },
    { asked: 'where none may be left', perSecond: 2_000, tokens: 0, waiting: 300, taken: 1 },
  ])('are $taken of $tokens for a key used $asked', ({ perSecond, tokens, waiting, taken }) => {
    memory.waiting = waiting;
    memory.fullAtMicros = now + bucket.fillMicros - tokens * bucket.intervalMicros;
    expect(tokensToTake(memory, bucket, perSecond, now)).toBe(taken);
  });

  it('are one for the caller and a lease of the others, for half a second', () => {
    memory.fullAtMicros = now + 3 * bucket.intervalMicros;
    expect(noteTaken(memory, bucket, 3, now)).toMatchObject({ allowed: true, remaining: 1_999 });
    const leased = now + 499_999;
    expect(decideFromMemory(memory, bucket, leased)).toMatchObject({ allowed: true });
    memory.leased = 1;
    expect(decideFromMemory(memory, bucket, leased + 1)).toBeUndefined();
  });

  it('are used one by one, and then the table is called', () => {
    memory.fullAtMicros = now + 3 * bucket.intervalMicros;
    noteTaken(memory, bucket, 3, now);
    const responses = [1, 2, 3].map(() => decideFromMemory(memory, bucket, now));
    expect(responses).toMatchObject([{ remaining: 1_998 }, { remaining: 1_997 }, undefined]);
  });
});

describe('an environment that loses a race for a key', () => {
  const bucket = bucketOf(member);
  const quietSeconds = (of = bucket): number => {
    noteContended(memory, of, now);
    return (memory.quietUntilMicros - now) / second;
  };

  it('refuses, and says when the next token comes', () => {
    memory.fullAtMicros = now + bucket.fillMicros + 3 * second;
    expect(noteContended(memory, bucket, now)).toMatchObject({
      allowed: false,
      retryAfterSeconds: 4,
    });
  });

  it('pauses for a second, and twice as long after each pause without a token, up to an eighth of the bucket’s time', () => {
    const inVain = [1, 2, 3, 4, 5, 6].map(() => quietSeconds());
    expect(inVain).toEqual([1, 2, 4, 8, 9, 9]);
  });

  it('pauses for at most a quarter of the time of a small bucket', () => {
    const small = bucketOf(limitOf(2, 1, 4));
    expect([1, 2, 3].map(() => quietSeconds(small))).toEqual([0.5, 0.5, 0.5]);
  });

  it('pauses for the same time after up to three tokens, and for less after more', () => {
    const pauses = [0, 0, 0, 1, 3, 6, 4].map((found) => {
      if (found > 0) noteTaken(memory, bucket, found, now);
      return quietSeconds();
    });
    expect(pauses).toEqual([1, 2, 4, 4, 4, 2, 1.5]);
  });

  it('counts the found tokens of each pause separately', () => {
    for (const found of [0, 0, 0, 0]) noteTaken(memory, bucket, found, now);
    [1, 2, 3].forEach(() => quietSeconds());
    noteTaken(memory, bucket, 2, now);
    noteTaken(memory, bucket, 4, now);
    expect(quietSeconds()).toBe(2);
    expect(quietSeconds()).toBe(4);
  });

  it('calls the table for a client that has waited for Retry-After', () => {
    [1, 2, 3].forEach(() => quietSeconds());
    memory.leased = 0;
    expect(decideFromMemory(memory, bucket, now + second - 1)).toMatchObject({ allowed: false });
    memory.refusedUntilMicros = now + second;
    expect(decideFromMemory(memory, bucket, now + second)).toBeUndefined();
  });

  it('calls the table for a client that ignores Retry-After only after the pause', () => {
    expect(quietSeconds()).toBe(1);
    for (let at = now; at < now + second; at += second / 10) {
      expect(decideFromMemory(memory, bucket, at)).toMatchObject({ allowed: false });
    }
    expect(decideFromMemory(memory, bucket, now + second)).toBeUndefined();
  });

  it('starts a pause with each refusal while others may compete', () => {
    const quietUntil = (at: number): number => {
      memory.fullAtMicros = at + bucket.fillMicros;
      decideFromMemory(memory, bucket, at);
      return memory.quietUntilMicros;
    };
    quietSeconds();
    expect(quietUntil(now + 10 * second - 1)).toBe(now + 12 * second - 1);
    memory = createKeyMemory();
    quietSeconds();
    expect(quietUntil(now + 10 * second)).toBe(now + second);
  });
});

describe('a key that no other environment uses', () => {
  const bucket = bucketOf(member);

  it('is refused without a call until its next token, and no longer', () => {
    memory.fullAtMicros = now + bucket.fillMicros;
    const due = now + bucket.intervalMicros;
    expect(decideFromMemory(memory, bucket, due - 1)).toMatchObject({ retryAfterSeconds: 1 });
    expect(decideFromMemory(memory, bucket, due)).toBeUndefined();
  });
});
