import type { Candidate, CandidateName } from '../candidates.ts';
import type { Measured } from '../measure/bench.ts';
import type { Work } from '../measure/same-work.ts';
import type { Memory, WarmFigures } from '../measure/warm.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { byWorkload, type WorkloadName } from '../workloads.ts';

/** All that was measured of one candidate, as `bench.json` has it. */
export interface Figures {
  readonly title: string;
  readonly kind: Candidate['kind'];
  readonly zip_bytes: number;
  readonly cold: {
    readonly first_response_ms: Spread;
    readonly init_ms: Spread;
    readonly modules_built_in: number;
    readonly modules_files: number;
  };
  readonly warm?: Readonly<Record<WorkloadName | 'json_1kb_back_to_back', WarmSpread>>;
  readonly memory?: { readonly at_rest: MemoryBytes; readonly after_warm_up: MemoryBytes };
  readonly per_request?: Work;
}

interface WarmSpread {
  readonly cpu_us: Spread;
  readonly p50_ms: Spread;
  readonly p99_ms: Spread;
  readonly requests_per_second: Spread;
}

interface MemoryBytes {
  readonly rss_bytes: number;
  readonly heap_bytes?: number;
}

export type FiguresByName = Readonly<Record<CandidateName, Figures>>;

/** Puts the rounds of every candidate in order: medians, with the quartiles around them. */
export const figuresOf = (measured: Measured): FiguresByName =>
  Object.fromEntries(
    measured.candidates.map((candidate) => [candidate.name, figuresOfOne(candidate, measured)]),
  ) as unknown as FiguresByName;

const figuresOfOne = (
  { name, title, kind, zipBytes }: Candidate,
  { cold, warm, work }: Measured,
): Figures => {
  const starts = cold[name];
  const warmed = warm[name];
  const perRequest = work[name];
  return {
    title,
    kind,
    zip_bytes: zipBytes,
    cold: {
      first_response_ms: spreadOf(starts.map(({ firstResponseMs }) => firstResponseMs)),
      init_ms: spreadOf(starts.map(({ initMs }) => initMs)),
      modules_built_in: starts[0]?.modules.builtIn ?? 0,
      modules_files: starts[0]?.modules.files ?? 0,
    },
    ...(warmed && {
      warm: {
        ...byWorkload((workload) => warmSpread(warmed.rounds[workload])),
        json_1kb_back_to_back: warmSpread(warmed.backToBack),
      },
      memory: {
        at_rest: memoryBytes(warmed.memoryAtRest),
        after_warm_up: memoryBytes(warmed.memoryAfter),
      },
    }),
    ...(perRequest && { per_request: perRequest }),
  };
};

const warmSpread = (rounds: readonly WarmFigures[]): WarmSpread => ({
  cpu_us: spreadOf(rounds.map(({ cpuUs }) => cpuUs)),
  p50_ms: spreadOf(rounds.map(({ p50Ms }) => p50Ms)),
  p99_ms: spreadOf(rounds.map(({ p99Ms }) => p99Ms)),
  requests_per_second: spreadOf(rounds.map(({ requestsPerSecond }) => requestsPerSecond)),
});

const memoryBytes = (processes: readonly Memory[]): MemoryBytes => {
  const heapBytes = processes.flatMap(({ heapBytes }) => heapBytes ?? []);
  return {
    rss_bytes: spreadOf(processes.map(({ rssBytes }) => rssBytes)).median,
    ...(heapBytes.length > 0 && { heap_bytes: spreadOf(heapBytes).median }),
  };
};
