import { describe, expect, it } from '@jest/globals';
import { sessionFindings } from '../../../testing/session-bound.ts';

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);

describe('sessions under disorder', () => {
  it('end within the stated delay, and none that holds is called ended, in 200 worlds', async () => {
    let accepted = 0;
    let refused = 0;
    for (const seed of seeds) {
      const findings = await sessionFindings(seed);
      accepted += findings.accepted;
      refused += findings.refused;
      // A world is its seed: `sessionFindings(seed)` lives through it again.
      expect({ seed, wrong: findings.wrong }).toEqual({ seed, wrong: [] });
    }
    expect(accepted).toBeGreaterThan(7_000);
    expect(refused).toBeGreaterThan(14_000);
  }, 300_000);

  it('are the same in the same world', async () => {
    expect(await sessionFindings(7)).toEqual(await sessionFindings(7));
  });
});
