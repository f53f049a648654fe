import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Attempt, failed } from './attempt.ts';
import { createCircuitBreaker, restingError } from './circuit-breaker.ts';

const answered = (statusCode: number): Attempt => ({
  kind: 'answered',
  statusCode,
  rawHeaders: [],
  body: Buffer.alloc(0),
});

let nowMs = 0;
beforeEach(() => {
  nowMs = 1_000_000;
  jest.spyOn(Date, 'now').mockImplementation(() => nowMs); // cockatiel reads it.
});
afterEach(() => {
  jest.restoreAllMocks();
});

const breakerOf = (failures = 3, openSeconds = 10) => {
  const onOpen = jest.fn();
  const policy = { failures, openSeconds };
  const breaker = createCircuitBreaker({ policy, now: () => nowMs, onOpen });
  let made = 0;
  const run = (attempt: Attempt | Promise<Attempt>) =>
    breaker.run(async () => {
      made += 1;
      return attempt;
    });
  return { run, onOpen, made: () => made };
};

describe('the circuit breaker', () => {
  it('lets as many failures in a row through as its threshold, then refuses and says until when', async () => {
    const { run, made, onOpen } = breakerOf(3, 10);
    for (let count = 0; count < 20; count += 1) await run(failed('timeout'));
    expect(made()).toBe(3);
    expect(onOpen).toHaveBeenCalledTimes(1);
    nowMs += 8_200;
    expect(await run(answered(200))).toEqual({ kind: 'refused', retryAfterSeconds: 2 });
  });

  it.each([
    ['unreachable', failed('unreachable')],
    ['reset', failed('no-answer')],
    ['broken', failed('bad-answer')],
    ['late', failed('timeout')],
    ['a 502', answered(502)],
    ['a 503', answered(503)],
    ['a 504', answered(504)],
  ])('takes for a failure what is %s', async (_, attempt) => {
    const { run, onOpen } = breakerOf(1);
    await run(attempt);
    expect(onOpen).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['a 500', answered(500)],
    ['a 429', answered(429)],
    ['an answer too large for Lambda', failed('answer-too-large')],
  ])('takes for health %s, which begins the count anew', async (_, attempt) => {
    const { run, onOpen } = breakerOf(2);
    for (let count = 0; count < 5; count += 1) {
      await run(failed('timeout'));
      await run(attempt);
    }
    expect(onOpen).not.toHaveBeenCalled();
  });

  it('lets one probe through when its time is up, and refuses the others at once', async () => {
    const { run, made } = breakerOf(1);
    await run(failed('timeout'));
    nowMs += 10_000;
    let release = (_: Attempt): void => undefined;
    const probe = run(new Promise<Attempt>((resolve) => (release = resolve)));
    const others = await Promise.all([run(answered(200)), run(answered(200))]);
    expect(others).toEqual(Array(2).fill({ kind: 'refused', retryAfterSeconds: 1 }));
    expect(made()).toBe(2);
    release(answered(200));
    await probe;
    expect(await run(answered(201))).toMatchObject({ statusCode: 201 });
  });

  it('opens again where the probe fails, and counts that opening', async () => {
    const { run, onOpen } = breakerOf(1);
    await run(failed('timeout'));
    nowMs += 10_000;
    await run(answered(503));
    expect(onOpen).toHaveBeenCalledTimes(2);
    expect(await run(answered(200))).toEqual({ kind: 'refused', retryAfterSeconds: 10 });
  });

  it('lets what an attempt throws pass', async () => {
    const { run } = breakerOf();
    await expect(run(Promise.reject(new RangeError('a fault of the gateway')))).rejects.toThrow(
      RangeError,
    );
  });
});

describe('restingError', () => {
  it('is a 503 that says when to come back', () => {
    expect(restingError({ kind: 'refused', retryAfterSeconds: 7 })).toMatchObject({
      code: 'UPSTREAM_BREAKER_OPEN',
      status: 503,
      detail: 'Try again in 7 s.',
      headers: { 'retry-after': '7' },
    });
  });
});
