import type { RetryBudget } from './retry-budget.ts';

interface Limits<T> {
  /** Attempts after the first. */
  readonly retries: number;
  readonly budget: RetryBudget;
  readonly now: () => number;
  /** Epoch milliseconds after which no attempt starts. */
  readonly deadlineMs: number;
  /** Milliseconds before another attempt. Undefined if another attempt would do harm or would not help. */
  readonly pauseAfter: (outcome: T, made: number) => number | undefined;
  /** Checked again after the pause. */
  readonly mayGoOn?: () => boolean;
}

/**
 * Makes attempts until no further one is allowed, and returns the outcome of the last. The only retry loop of the
 * gateway.
 */
export const repeat = async <T>(
  attempt: () => Promise<T>,
  { retries, budget, now, deadlineMs, pauseAfter, mayGoOn = () => true }: Limits<T>,
): Promise<T> => {
  for (let made = 1; ; made += 1) {
    const outcome = await attempt();
    const pauseMs = made <= retries ? pauseAfter(outcome, made) : undefined;
    if (pauseMs === undefined || now() + pauseMs >= deadlineMs) return outcome;
    if (!mayGoOn() || !budget.withdraw()) return outcome;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    if (!mayGoOn()) return outcome;
  }
};
