/** Both versions' times for the same request, taken in turns. */
export interface Pair {
  readonly liveMs: number;
  readonly newMs: number;
}

export interface LatencyComparison {
  readonly liveMs: number;
  readonly newMs: number;
  /** The median of the pairs' differences, which what slows both at a time cannot move. */
  readonly slowerByMs: number;
}

/** A version slower by more than this is stopped: the SLO's p95 of 200 ms would not survive it. */
export const mostSlowerByMs = 100;

export const compareLatency = (pairs: readonly Pair[]): LatencyComparison => ({
  liveMs: median(pairs.map(({ liveMs }) => liveMs)),
  newMs: median(pairs.map(({ newMs }) => newMs)),
  slowerByMs: median(pairs.map(({ liveMs, newMs }) => newMs - liveMs)),
});

const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const value = sorted[middle] ?? 0;
  const result = sorted.length % 2 === 1 ? value : (value + (sorted[middle - 1] ?? 0)) / 2;
  return Math.round(result * 10) / 10;
};
