import type { CheckRequest, InvokeVersion } from './invoke-version.ts';

/** The medians of both versions' durations for the same request, in ms. */
export interface LatencyComparison {
  readonly liveMs: number;
  readonly newMs: number;
  /** The median of the differences of pairs, which is not affected if both are slow at the same time. */
  readonly slowerByMs: number;
}

/** A version slower by more than this is stopped: the SLO's p95 of 200 ms would not survive it. */
export const mostSlowerByMs = 100;

/** The majority of seven pairs decides; once it is clear, the others are not needed. */
const majority = 4;

/**
 * Sends a request to both versions in turns, seven times at most, so that a start or a pause of one execution
 * environment decides nothing. Undefined if a version crashes.
 */
export const compareLatency = async (
  invoke: InvokeVersion,
  versions: { readonly live: string; readonly new: string },
  request: CheckRequest,
): Promise<LatencyComparison | undefined> => {
  const pairs: Pair[] = [];
  const isClear = () => {
    const slower = pairs.filter((pair) => differenceOf(pair) > mostSlowerByMs).length;
    return Math.max(slower, pairs.length - slower) >= majority;
  };
  while (!isClear()) {
    const isLiveFirst = pairs.length % 2 === 0;
    const first = await invoke(isLiveFirst ? versions.live : versions.new, request);
    const second = await invoke(isLiveFirst ? versions.new : versions.live, request);
    if (first.kind === 'crash' || second.kind === 'crash') return undefined;
    const [live, newer] = isLiveFirst ? [first, second] : [second, first];
    pairs.push({ liveMs: live.ms, newMs: newer.ms });
  }
  return {
    liveMs: median(pairs.map(({ liveMs }) => liveMs)),
    newMs: median(pairs.map(({ newMs }) => newMs)),
    slowerByMs: median(pairs.map(differenceOf)),
  };
};

interface Pair {
  readonly liveMs: number;
  readonly newMs: number;
}

const differenceOf = ({ liveMs, newMs }: Pair): number => newMs - liveMs;

/** To a tenth of a millisecond. */
const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low = 0, high = low] = sorted.slice((sorted.length - 1) / 2, sorted.length / 2 + 1);
  return Math.round(((low + high) / 2) * 10) / 10;
};
