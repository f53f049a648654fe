import fc from 'fast-check';
import { watchStalls } from '../faults/watch-stalls.ts';
import { tokenOfAlice } from '../gateway-with.ts';
import { anyHostileEvent } from './any-event.ts';
import { hostileCorpus } from './corpus.ts';
import { breachesOf } from './invariants.ts';
import { isTimeout, startOpenGateway } from './open-gateway.ts';

export interface Judgement {
  readonly cases: number;
  readonly failures: readonly string[];
  /** The number of requests that reached a service. */
  readonly forwarded: number;
  readonly longestMs: number;
}

/** Every case of the corpus, each with a new gateway. */
export const judgeCorpus = (): Promise<Judgement> =>
  withGateway(async (judge) => {
    const failures: string[] = [];
    for (const { name, event } of hostileCorpus(await tokenOfAlice())) {
      const breaches = await judge(event);
      if (breaches.length > 0) failures.push(`${name}: ${breaches.join('; ')}`);
    }
    return failures;
  });

interface Generated {
  readonly runs: number;
  readonly seed: number;
  /** The seed to repeat a failure. */
  readonly path?: string;
}

/** Runs this many generated events. The first failure is shrunk and ends the run. */
export const judgeGenerated = ({ runs, seed, path }: Generated): Promise<Judgement> =>
  withGateway(async (judge) => {
    const anyEvent = anyHostileEvent(await tokenOfAlice());
    const property = fc.asyncProperty(anyEvent, async (event) => {
      const breaches = await judge(event);
      if (breaches.length > 0) throw new Error(breaches.join('; '));
    });
    const details = await fc.check(property, { numRuns: runs, seed, ...(path && { path }) });
    if (!details.failed) return [];
    const { counterexample, counterexamplePath, errorInstance } = details;
    return [
      `seed ${seed}, path ${counterexamplePath}: ${String(errorInstance)}\n${JSON.stringify(counterexample)}`,
    ];
  });

type Judge = (event: unknown) => Promise<readonly string[]>;

/**
 * A case that timed out is repeated if the process was stalled at that time. If an input causes the stall, it does so
 * each time.
 */
const mostRuns = 5;

const withGateway = async (
  run: (judge: Judge) => Promise<readonly string[]>,
): Promise<Judgement> => {
  const gateway = await startOpenGateway();
  const stalls = watchStalls();
  let [cases, forwarded, longestMs] = [0, 0, 0];
  const judge = async (event: unknown, runsLeft = mostRuns): Promise<readonly string[]> => {
    stalls.forget();
    const observation = await gateway.observe(event);
    const isDoubtful = isTimeout(observation.outcome) && stalls.hasStalled();
    if (isDoubtful && runsLeft > 1) return judge(event, runsLeft - 1);
    forwarded += observation.received.length;
    longestMs = Math.max(longestMs, observation.durationMs);
    return breachesOf(observation, gateway);
  };
  try {
    const failures = await run((event) => {
      cases += 1;
      return judge(event);
    });
    return { cases, failures, forwarded, longestMs };
  } finally {
    stalls.stop();
    await gateway.close();
  }
};
