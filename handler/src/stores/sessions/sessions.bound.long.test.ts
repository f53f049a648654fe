import { describe, expect, it } from '@jest/globals';
import { casesOf, report, seedOf } from '../../../testing/effort.ts';
import { sessionFindings } from '../../../testing/session-bound.ts';

const firstSeed = seedOf(1);
const seeds = Array.from({ length: casesOf(200, 10_000) }, (_, index) => firstSeed + index);

describe('sessions with random failures and clocks', () => {
  it('end within the documented delay, and no valid session is refused, in hundreds of simulations', async () => {
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
    report(seeds.length);
  }, 3_600_000);

  it('are the same for the same seed', async () => {
    expect(await sessionFindings(7)).toEqual(await sessionFindings(7));
  });
});
