import { describe, expect, it } from '@jest/globals';
import { Stopped, type Watch, watchStep } from './watch.ts';

/** A smoke run that ends only on request. */
const endless: NonNullable<Watch['smoke']> = (_, signal) =>
  new Promise((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(new Error('k6 was ended'))),
  );

const watch = (parts: Partial<Watch> = {}) =>
  watchStep({
    seconds: 0.02,
    betweenLooksMs: 10,
    ringing: async () => [],
    rangBefore: [],
    smoke: async () => ({ requests: 11 }),
    interrupted: new AbortController().signal,
    ...parts,
  });

describe('watchStep', () => {
  it('gives what the smoke run saw, having looked at the alarms to the end', async () => {
    expect(await watch()).toEqual({ requests: 11, alarm_looks: 2 });
  });

  it('looks at the alarms to the end without a smoke run, too', async () => {
    let looks = 0;
    const ringing = async () => {
      looks += 1;
      return [];
    };
    const interrupted = new AbortController().signal;
    const alone = { seconds: 0.03, betweenLooksMs: 10, ringing, rangBefore: [], interrupted };
    expect(await watchStep(alone)).toEqual({ alarm_looks: 3 });
    expect(looks).toBe(3);
  });

  it('ends at once when an alarm rings, and the smoke run with it', async () => {
    const ringing = async () => ['postern-dev-api-5xx-rate'];
    const stopped = watch({ seconds: 60, smoke: endless, ringing });
    await expect(stopped).rejects.toMatchObject({
      by: 'alarm',
      message: 'These alarms are on: postern-dev-api-5xx-rate.',
    });
  });

  it('does not hold against a release an alarm that rang before', async () => {
    const ringing = async () => ['postern-dev-breaker-users'];
    expect(await watch({ ringing, rangBefore: ['postern-dev-breaker-users'] })).toMatchObject({
      requests: 11,
    });
  });

  it('passes on why the smoke run failed', async () => {
    const smoke = async () => {
      throw new Stopped('smoke run', 'The smoke run crossed checks rate==1.');
    };
    await expect(watch({ smoke, seconds: 60 })).rejects.toMatchObject({ by: 'smoke run' });
  });

  it('fails if the alarms cannot be read', async () => {
    const ringing = async () => Promise.reject(new Error('AccessDenied'));
    await expect(watch({ ringing })).rejects.toThrow('AccessDenied');
  });

  it('ends at Ctrl-C, before and while it watches', async () => {
    await expect(watch({ interrupted: AbortSignal.abort() })).rejects.toMatchObject({
      by: 'interrupt',
    });
    const interrupts = new AbortController();
    const stopped = watch({ seconds: 60, smoke: endless, interrupted: interrupts.signal });
    interrupts.abort();
    await expect(stopped).rejects.toMatchObject({ by: 'interrupt' });
  });
});
