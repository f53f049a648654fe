import type { UpstreamTarget } from '../../contract.ts';
import type { TrafficStore, TrafficWeights, Weights } from '../../stores/traffic/traffic-store.ts';
import { describeError, type Log } from '../../telemetry/logger.ts';

interface Dependencies {
  readonly store: TrafficStore;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface LiveWeights {
  /** Reads them if they are old. Undefined: those that are known are recent enough, so that nothing is awaited. */
  refresh(deadlineMs: number): Promise<void> | undefined;
  /** In the order of the target's parts. */
  of(routeId: string, target: UpstreamTarget<'split'>): readonly number[];
}

/** How often an execution environment reads them, at most. */
const freshMs = 10_000;

/** Lambda froze the environment for longer than this: its next request waits for the present weights. */
const staleMs = 60_000;

/** The longest wait for them, at a cold start and after a freeze. */
const patienceMs = 1_000;

/**
 * The weights that `make traffic` has set, or else the contract's. A request waits for them only at a cold start and
 * after a minute without a read, and never where the read before has failed. A failed read changes nothing: the weights
 * that were read last stay, the contract's if there are none.
 */
export const createLiveWeights = ({ store, log, now }: Dependencies): LiveWeights => {
  let weights: TrafficWeights = {};
  let byRoute = new Map<string, readonly number[]>();
  let readAtMs = Number.NEGATIVE_INFINITY;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let hasFailed = false;
  let reading: Promise<void> | undefined;

  const read = async (deadlineMs: number): Promise<void> => {
    triedAtMs = now();
    try {
      const found = await store.read(Math.min(deadlineMs, triedAtMs + patienceMs));
      if (JSON.stringify(found) !== JSON.stringify(weights)) {
        weights = found;
        byRoute = new Map();
      }
      readAtMs = now();
      hasFailed = false;
    } catch (error) {
      hasFailed = true;
      log.warn('the weights of upstreams cannot be read: the last ones stay', {
        error: describeError(error),
      });
    } finally {
      reading = undefined;
    }
  };

  const resolve = (routeId: string, { upstream, parts }: UpstreamTarget<'split'>) => {
    const names = parts.map(({ target }) => target.upstream);
    for (const scope of [routeId, upstream]) {
      const set = weights[scope];
      if (set === undefined) continue;
      if (isFor(set, names)) return names.map((name) => set[name] ?? 0);
      log.warn('the weights are not for the upstreams of the contract: they are ignored', {
        route: routeId,
        upstreams: names,
        weights: set,
      });
    }
    return parts.map(({ weight }) => weight);
  };

  return {
    refresh: (deadlineMs) => {
      const isOld = now() - readAtMs >= freshMs;
      if (isOld && now() - triedAtMs >= freshMs) reading ??= read(deadlineMs);
      return now() - readAtMs >= staleMs && !hasFailed ? reading : undefined;
    },
    of: (routeId, target) => {
      let known = byRoute.get(routeId);
      if (known === undefined) byRoute.set(routeId, (known = resolve(routeId, target)));
      return known;
    },
  };
};

/** A version with another list may serve when the weights are set, or after a rollback. */
const isFor = (set: Weights, names: readonly string[]): boolean =>
  Object.keys(set).length === names.length &&
  names.every((name) => Object.hasOwn(set, name)) &&
  Object.values(set).some((weight) => weight > 0);
