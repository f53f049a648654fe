/** Whether one more attempt may be made. */
export interface RetryBudget {
  /** Counts a response of any status. */
  deposit(): void;
  /** Takes one retry. False if none is left. */
  withdraw(): boolean;
}

/** If one call in six fails and is retried, the budget is used as fast as it is refilled. */
const responsesPerRetry = 5;

/**
 * Full at the start, so that the first call of an environment can be retried. Only responses refill it: if all calls
 * fail, at most `most` of them are retried, so many environments together do not keep a service down. Of n calls of
 * which some get a response, at most `most` + n / 5 are retried.
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
