import { describe, expect, it } from '@jest/globals';
import { type SimulatedKey, simulateKey } from '../../../testing/idempotency-simulation.ts';
import { casesOf, report, seedOf } from '../../../testing/effort.ts';
import { seededRandom } from '../../../testing/random.ts';

describe('idempotency keys, with environments that end and responses that are lost at every step', () => {
  it('are carried out at most once each, and every response is that of the own operation', async () => {
    const keys: SimulatedKey[] = [];
    const cases = casesOf(1_000, 10_000);
    const random = seededRandom(seedOf(1));
    for (let count = 0; count < cases; count += 1) keys.push(await simulateKey(random));
    const carriedOut = keys.filter(({ executions }) => executions > 0).length;
    const crashes = keys.reduce((sum, key) => sum + key.crashes, 0);
    const codes = new Set(keys.flatMap((key) => key.codes));

    expect(keys.filter(({ executions }) => executions > 1)).toEqual([]);
    expect(keys.filter(({ isMixedUp }) => isMixedUp)).toEqual([]);
    expect(keys.filter(({ bodies }) => new Set(bodies).size > 1)).toEqual([]);
    // The simulation meets what it is for.
    expect(carriedOut).toBeGreaterThan(cases * 0.7);
    expect(crashes).toBeGreaterThan(cases * 0.3);
    expect(keys.filter(({ bodies }) => bodies.length > 1).length).toBeGreaterThan(cases * 0.2);
    expect([...codes].toSorted()).toEqual([
      'IDEMPOTENCY_IN_PROGRESS',
      'IDEMPOTENCY_KEY_REUSED',
      'IDEMPOTENCY_OUTCOME_UNKNOWN',
      'IDEMPOTENCY_STORE_UNAVAILABLE',
      'UPSTREAM_TIMEOUT',
      'UPSTREAM_UNREACHABLE',
    ]);
    report(cases, { 'carried out': carriedOut, crashes });
  });
});
