import { describe, expect, it } from '@jest/globals';
import { casesOf, report, seedOf } from '../testing/effort.ts';
import { rotationUnderLoad } from '../testing/rotation-under-load.ts';
import { start } from './index.ts';

describe('a signing key that changes under load', () => {
  it('makes no environment refuse a genuine token, accept a forged one, or read more than once per minute', async () => {
    const requests = casesOf(1_000, 12_000);
    const outcome = await rotationUnderLoad({ start, requests, seed: seedOf(1) });
    expect(outcome).toMatchObject({ refused: 0, forgedAndTaken: 0 });
    expect(outcome.byOldKey + outcome.byNewKey).toBeGreaterThan(500);
    expect(outcome.byNewKey).toBeGreaterThan(50);
    expect(outcome.leastSecondsBetweenReads).toBeGreaterThanOrEqual(60);
    report(requests, { ...outcome });
  }, 300_000);

  it('causes refusals if it signs before every environment has it', async () => {
    const outcome = await rotationUnderLoad({ start, requests: 1_000, seed: 1, waitSeconds: 0 });
    expect(outcome.refused).toBeGreaterThan(0);
  }, 300_000);
});
