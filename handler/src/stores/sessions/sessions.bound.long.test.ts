import { describe, expect, it } from '@jest/globals';
import { sessionFindings } from '../../../testing/session-bound.ts';

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);

describe('sessions with random failures and clocks', () => {
  it('end within the documented delay, and no valid session is refused, in 200 simulations', async () => {
    let accepted = 0;
    let refused = 0;
    for (const seed of seeds) {
      const findings = await sessionFindings(seed);
      accepted += findings.accepted;
      refused += findings.refused;
      // A simulation is defined by its seed: `sessionFindings(seed)` repeats it.
      expect({ seed, wrong: findings.wrong }).toEqual({ seed, wrong: [] });
    }
    expect(accepted).toBeGreaterThan(7_000);
    expect(refused).toBeGreaterThan(14_000);
  }, 300_000);

  it('are the same for the same seed', async () => {
    expect(await sessionFindings(7)).toEqual(await sessionFindings(7));
  });
});
