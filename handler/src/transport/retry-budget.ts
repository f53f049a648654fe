/** Whether one more attempt may be made. */
export interface RetryBudget {
  /** Counts a response, whatever its status. */
  deposit(): void;
  /** Takes one retry; false where none is left. */
  withdraw(): boolean;
}

/** Where one call in six fails, and is retried, the budget is spent as fast as it is filled. */
const responsesPerRetry = 5;

/**
 * Full to begin with, so that an environment's very first call may be retried. Only responses fill it again: of calls in
 * a row that all fail, however many, no more than `most` are retried, and those of many environments together do not
 * keep a service down. Of n calls of which some get a response, at most `most` + n / 5 are.
 */
export const createRetryBudget = (most: number): RetryBudget => {
  const full = most * responsesPerRetry;
  let responses = full;
  return {
    deposit: () => {
      responses = Math.min(full, responses + 1);
    },
    withdraw: () => {
      if (responses < responsesPerRetry) return false;
      responses -= responsesPerRetry;
      return true;
    },
  };
};
