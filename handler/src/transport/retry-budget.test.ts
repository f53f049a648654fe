import { describe, expect, it } from '@jest/globals';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';

const granted = (budget: RetryBudget, times: number): number =>
  Array.from({ length: times }, () => budget.withdraw()).filter(Boolean).length;

describe('the budget of retries', () => {
  it.each([1, 2, 3])('is full to begin with: %i', (most) => {
    expect(granted(createRetryBudget(most), 100)).toBe(most);
  });

  it('is empty from the beginning where nothing may be retried', () => {
    const budget = createRetryBudget(0);
    for (let answer = 0; answer < 10; answer += 1) budget.deposit();
    expect(granted(budget, 1)).toBe(0);
  });

  it('earns a retry with five answers', () => {
    const budget = createRetryBudget(2);
    granted(budget, 2);
    for (let answer = 0; answer < 4; answer += 1) budget.deposit();
    expect(budget.withdraw()).toBe(false);
    budget.deposit();
    expect(granted(budget, 2)).toBe(1);
  });

  it('saves up no more than it began with', () => {
    const budget = createRetryBudget(2);
    for (let answer = 0; answer < 1_000; answer += 1) budget.deposit();
    expect(granted(budget, 10)).toBe(2);
  });
});
