import { describe, expect, it } from '@jest/globals';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';

const granted = (budget: RetryBudget, times: number): number =>
  Array.from({ length: times }, () => budget.withdraw()).filter(Boolean).length;

describe('the budget of retries', () => {
  it.each([1, 2, 3])('is full to begin with: %i', (most) => {
    expect(granted(createRetryBudget(most), 100)).toBe(most);
  });

  it('is empty from the start if no retry is allowed', () => {
    const budget = createRetryBudget(0);
    for (let response = 0; response < 10; response += 1) budget.deposit();
    expect(granted(budget, 1)).toBe(0);
  });

  it('adds a retry for every five responses', () => {
    const budget = createRetryBudget(2);
    granted(budget, 2);
    for (let response = 0; response < 4; response += 1) budget.deposit();
    expect(budget.withdraw()).toBe(false);
    budget.deposit();
    expect(granted(budget, 2)).toBe(1);
  });

  it('never exceeds its initial size', () => {
    const budget = createRetryBudget(2);
    for (let response = 0; response < 1_000; response += 1) budget.deposit();
    expect(granted(budget, 10)).toBe(2);
  });
});
