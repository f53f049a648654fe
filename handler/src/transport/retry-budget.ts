/** Whether one more attempt may be made. */
export interface RetryBudget {
  /** Counts an answer, whatever it says. */
  deposit(): void;
  /** Takes one retry, or says that there is none left. */
  withdraw(): boolean;
}

/** Where one call in six fails, and is retried, the budget is spent as fast as it is filled. */
const answersARetry = 5;

/**
 * Full to begin with, so that an environment's very first call may be retried. Only answers fill it again: of calls in
 * a row that all fail, however many, no more than `most` are retried, and those of many environments together do not
 * keep a service down. Of n calls of which a part is answered, at most `most` + n / 5 are.
 */
export const createRetryBudget = (most: number): RetryBudget => {
  const full = most * answersARetry;
  let answers = full;
  return {
    deposit: () => {
      answers = Math.min(full, answers + 1);
    },
    withdraw: () => {
      if (answers < answersARetry) return false;
      answers -= answersARetry;
      return true;
    },
  };
};
