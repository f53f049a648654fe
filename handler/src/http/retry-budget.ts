/** Whether one more attempt may be made. */
export interface RetryBudget {
  /** Counts a first attempt. */
  deposit(): void;
  /** Takes one retry, or says that there is none left. */
  withdraw(): boolean;
}

/** Retries a call: where everything fails, ten calls make eleven attempts, and not twenty that keep AWS down. */
const perCall = 0.1;

/** A gust of faults is retried whole, such as connections that died while the environment was frozen. */
const most = 5;

export const createRetryBudget = (): RetryBudget => {
  let retries = most;
  return {
    deposit: () => {
      retries = Math.min(most, retries + perCall);
    },
    withdraw: () => {
      if (retries < 1) return false;
      retries -= 1;
      return true;
    },
  };
};
