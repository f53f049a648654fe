import { describe, expect, it } from '@jest/globals';
import { createRetryBudget } from './retry-budget.ts';

describe('the budget of retries', () => {
  it('lets a gust of faults be retried, and then one in ten calls', () => {
    const retries = createRetryBudget();
    const retried = Array.from({ length: 1_000 }, () => {
      retries.deposit();
      return retries.withdraw();
    });
    expect(retried.slice(0, 5)).toEqual([true, true, true, true, true]);
    expect(retried.slice(5, 11)).not.toContain(true);
    const total = retried.filter(Boolean).length;
    expect(total).toBeGreaterThanOrEqual(104);
    expect(total).toBeLessThanOrEqual(105);
  });

  it('saves up no more than one gust', () => {
    const retries = createRetryBudget();
    for (let call = 0; call < 1_000; call += 1) retries.deposit();
    const granted = Array.from({ length: 10 }, () => retries.withdraw());
    expect(granted.filter(Boolean)).toHaveLength(5);
  });
});
