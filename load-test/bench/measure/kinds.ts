import type { Candidate } from '../candidates.ts';
import { ratioOf, type Spread, spreadOf } from '../statistics.ts';
import { firstWorkload } from '../workloads.ts';
import type { BenchRun } from './bench-run.ts';
import { type Measuring, measureRounds } from './rounds.ts';

const kinds = ['http', 'lambda'] as const;
type Kind = (typeof kinds)[number];

/** For each kind, two ways to the same target: by itself, and through the gateway with nothing else in its contract. */
export type KindsOfUpstream = Readonly<
  Record<Kind, { readonly direct: Candidate; readonly gateway: Candidate }>
>;

export interface KindCost {
  readonly kind: Kind;
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
  { http, lambda }: KindsOfUpstream,
): Promise<KindCosts> => {
  const measuring = (candidate: Candidate): Measuring => ({
    ...{ candidate, task: firstWorkload, environment: run.environment, warm: [] },
  });
  const measured = {
    http: { direct: measuring(http.direct), gateway: measuring(http.gateway) },
    lambda: { direct: measuring(lambda.direct), gateway: measuring(lambda.gateway) },
  };
  await measureRounds(
    run,
    'kinds of upstream',
    Object.values(measured).flatMap(({ direct, gateway }) => [direct, gateway]),
  );
  const added = (key: Key) => ratioOf(addedBy(measured.lambda, key), addedBy(measured.http, key));
  return {
    kinds: kinds.map((kind) => {
      const { direct, gateway } = measured[kind];
      return {
        kind,
        direct_cpu_us: spreadOf(valuesOf(direct, 'cpuUs')),
        gateway_cpu_us: spreadOf(valuesOf(gateway, 'cpuUs')),
        direct_p50_ms: spreadOf(valuesOf(direct, 'p50Ms')),
        gateway_p50_ms: spreadOf(valuesOf(gateway, 'p50Ms')),
      };
    }),
    added_cpu: added('cpuUs'),
    added_latency: added('p50Ms'),
  };
};

type Key = 'cpuUs' | 'p50Ms';

const valuesOf = ({ warm }: Measuring, key: Key): readonly number[] =>
  warm.map((figures) => figures[key]);

/** What the gateway adds, round by round. */
const addedBy = (
  { direct, gateway }: { readonly direct: Measuring; readonly gateway: Measuring },
  key: Key,
): readonly number[] => {
  const bases = valuesOf(direct, key);
  return valuesOf(gateway, key).map((value, round) => value - (bases[round] ?? NaN));
};
