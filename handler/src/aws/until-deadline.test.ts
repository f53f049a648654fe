import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from './aws-call.ts';
import { untilDeadline } from './until-deadline.ts';

describe('untilDeadline', () => {
  it('returns the result of the work, or throws its error', async () => {
    expect(await untilDeadline(Promise.resolve(7), 1_000, 0)).toBe(7);
    await expect(untilDeadline(Promise.reject(new TypeError('x')), 1_000, 0)).rejects.toThrow(
      TypeError,
    );
  });

  it('gives up at its own deadline, and at once if that has passed', async () => {
    const never = new Promise(() => undefined);
    for (const deadlineMs of [20, 0, -5]) {
      const startedAtMs = performance.now();
      await expect(untilDeadline(never, deadlineMs, 0)).rejects.toThrow(StoreUnavailable);
      expect(performance.now() - startedAtMs).toBeLessThan(200);
    }
  });

  it('leaves no timer', async () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    await sleep(1);
    const before = timers();
    await untilDeadline(Promise.resolve(), 60_000, 0);
    expect(timers()).toBe(before);
  });
});
