/** Time that passes only from one act to the next. */
export interface SimulatedClock {
  readonly nowMs: number;
  at(atMs: number, act: () => void): void;
  wait(ms: number): Promise<void>;
  /** Acts in the order of their times, each after all that the one before it set off; ends when nothing is left to do. */
  run(): Promise<void>;
}

interface Act {
  readonly atMs: number;
  readonly order: number;
  readonly act: () => void;
}

const isBefore = (one: Act, other: Act): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);

/** `isBusy` says whether work is under way that takes real time; no simulated time passes until it is done. */
export const createSimulatedClock = (isBusy = (): boolean => false): SimulatedClock => {
  const heap: Act[] = []; // Each act is before the two at twice its index and one or two more.
  let nowMs = 0;
  let order = 0;

  const push = (act: Act): void => {
    let index = heap.length;
    for (;;) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(act, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = act;
  };

  const pop = (): Act | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      let child = heap[below];
      const right = heap[below + 1];
      if (child !== undefined && right !== undefined && isBefore(right, child)) {
        below += 1;
        child = right;
      }
      if (child === undefined || !isBefore(child, last)) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = last;
    return first;
  };

  const at = (atMs: number, act: () => void): void => push({ atMs, order: order++, act });

  return {
    get nowMs() {
      return nowMs;
    },
    at,
    wait: (ms) => new Promise((resolve) => at(nowMs + ms, resolve)),
    run: async () => {
      for (let next = pop(); next !== undefined; next = pop()) {
        nowMs = next.atMs;
        next.act();
        do
          await new Promise(setImmediate); // What was set off by promises happens before that.
        while (isBusy());
      }
    },
  };
};
