/** Simulated time that advances only from one action to the next. */
export interface SimulatedClock {
  readonly nowMs: number;
  at(atMs: number, act: () => void): void;
  wait(ms: number): Promise<void>;
  /**
   * Runs actions in the order of their times, each after all effects of the previous one. Ends when no action is left.
   */
  run(): Promise<void>;
}

interface Act {
  readonly atMs: number;
  readonly act: () => void;
}

export const createSimulatedClock = (): SimulatedClock => {
  const acts: Act[] = []; // The next one is last in the list; of two at the same time, the one that was added first.
  let nowMs = 0;

  const at = (atMs: number, act: () => void): void => {
    let [low, high] = [0, acts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((acts[middle]?.atMs ?? 0) > atMs) low = middle + 1;
      else high = middle;
    }
    acts.splice(low, 0, { atMs, act });
  };

  return {
    get nowMs() {
      return nowMs;
    },
    at,
    wait: (ms) => new Promise((resolve) => at(nowMs + ms, resolve)),
    run: async () => {
      for (let next = acts.pop(); next !== undefined; next = acts.pop()) {
        nowMs = next.atMs;
        next.act();
        await new Promise(setImmediate); // Effects of promises happen before that.
      }
    },
  };
};
