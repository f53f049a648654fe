import { step } from '../../../scripts/stack/command-line/step.ts';
import type { Candidate } from '../candidates.ts';
import { ratioOf, type Spread, spreadOf } from '../statistics.ts';
import { firstWorkload } from '../workloads.ts';
import { type BenchRun, inTurn, measureCommand, startWarm } from './bench-run.ts';
import type { CandidateProcess } from './candidate-process.ts';
import { restMs, type WarmFigures } from './warm.ts';

/** Two ways to the same target: by itself, and through the gateway with nothing else in its contract. */
export interface KindOfUpstream {
  readonly kind: 'http' | 'lambda';
  readonly direct: Candidate;
  readonly gateway: Candidate;
}

export interface KindCost {
  readonly kind: KindOfUpstream['kind'];
  readonly direct_cpu_us: Spread;
  readonly gateway_cpu_us: Spread;
  readonly direct_p50_ms: Spread;
  readonly gateway_p50_ms: Spread;
}

export interface KindCosts {
  readonly kinds: readonly KindCost[];
  /** What the gateway adds to a call of a function, in relation to what it adds to an HTTP request. */
  readonly added_cpu: Spread;
  readonly added_latency: Spread;
}

/** A new process of each in each round; they take turns. */
export const measureKinds = async (
  run: BenchRun,
  { http, lambda }: Readonly<Record<KindOfUpstream['kind'], KindOfUpstream>>,
): Promise<KindCosts> => {
  const rounds = new Map(
    [http.direct, http.gateway, lambda.direct, lambda.gateway].map((candidate) => [
      candidate,
      [] as WarmFigures[],
    ]),
  );
  for (let round = 0; round < run.effort.warmRounds; round += 1)
    await step(`kinds of upstream, round ${round + 1} of ${run.effort.warmRounds}`, () =>
      measureRound(run, inTurn([...rounds], round)),
    );
  const valuesOf = (candidate: Candidate, key: 'cpuUs' | 'p50Ms'): readonly number[] =>
    (rounds.get(candidate) ?? []).map((figures) => figures[key]);
  const addedBy = ({ direct, gateway }: KindOfUpstream, key: 'cpuUs' | 'p50Ms') => {
    const bases = valuesOf(direct, key);
    return valuesOf(gateway, key).map((value, round) => value - (bases[round] ?? NaN));
  };
  return {
    kinds: [http, lambda].map(({ kind, direct, gateway }) => ({
      kind,
      direct_cpu_us: spreadOf(valuesOf(direct, 'cpuUs')),
      gateway_cpu_us: spreadOf(valuesOf(gateway, 'cpuUs')),
      direct_p50_ms: spreadOf(valuesOf(direct, 'p50Ms')),
      gateway_p50_ms: spreadOf(valuesOf(gateway, 'p50Ms')),
    })),
    added_cpu: ratioOf(addedBy(lambda, 'cpuUs'), addedBy(http, 'cpuUs')),
    added_latency: ratioOf(addedBy(lambda, 'p50Ms'), addedBy(http, 'p50Ms')),
  };
};

const measureRound = async (
  run: BenchRun,
  measured: ReadonlyArray<readonly [Candidate, WarmFigures[]]>,
): Promise<void> => {
  const warm: Array<readonly [WarmFigures[], CandidateProcess]> = [];
  const count = run.effort.requestsPerRound.json_1kb;
  try {
    for (const [candidate, figures] of measured) {
      const process = await startWarm(run, candidate, firstWorkload);
      warm.push([figures, process]);
      await process.request(measureCommand(firstWorkload, run.effort.warmUpRequests));
    }
    for (const [figures, process] of warm) {
      await process.request(measureCommand(firstWorkload, Math.ceil(count / 4)));
      figures.push(
        await process.request<WarmFigures>(measureCommand(firstWorkload, count, restMs)),
      );
    }
    await run.stub.observe();
  } finally {
    await Promise.all(warm.map(([, process]) => process.stop()));
  }
};
