import fc from 'fast-check';
import { tokenOfAlice } from '../gateway-with.ts';
import { anyHostileEvent } from './any-event.ts';
import { hostileCorpus } from './corpus.ts';
import { breachesOf } from './invariants.ts';
import { startOpenGateway } from './open-gateway.ts';

export interface Judgement {
  readonly cases: number;
  readonly failures: readonly string[];
  /** How many got as far as a service. */
  readonly forwarded: number;
  readonly longestMs: number;
}

/** Every case of the corpus, before a gateway of its own. */
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
  /** Of a failure that is to be seen again. */
  readonly path?: string;
}

/** So many generated events; the first that fails is made as small as it can be, and ends the run. */
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

const withGateway = async (
  run: (judge: Judge) => Promise<readonly string[]>,
): Promise<Judgement> => {
  const gateway = await startOpenGateway();
  let [cases, forwarded, longestMs] = [0, 0, 0];
  try {
    const failures = await run(async (event) => {
      const observation = await gateway.observe(event);
      cases += 1;
      forwarded += observation.received.length;
      longestMs = Math.max(longestMs, observation.durationMs);
      return breachesOf(observation, gateway);
    });
    return { cases, failures, forwarded, longestMs };
  } finally {
    await gateway.close();
  }
};
