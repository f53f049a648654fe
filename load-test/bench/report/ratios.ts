import type { CandidateName } from '../candidates.ts';
import type { Measured } from '../measure/bench.ts';
import { ratioOf, type Spread, spreadOf } from '../statistics.ts';
import type { WorkloadName } from '../workloads.ts';

export type RatioName =
  | 'cold_vs_floor'
  | 'cold_vs_best_node_peer'
  | 'warm_vs_floor'
  | 'warm_vs_best_node_peer'
  | 'warm_vs_fastapi'
  | 'body_1mb_vs_floor'
  | 'lambda_cpu_vs_http'
  | 'lambda_latency_vs_http'
  | 'zip_kib';

export interface Goal {
  readonly name: RatioName;
  readonly title: string;
  readonly must: number;
  readonly stretch: number;
}

export const goals: readonly Goal[] = [
  { name: 'cold_vs_floor', title: 'Cold start ÷ a bare handler', must: 3.8, stretch: 3 },
  { name: 'cold_vs_best_node_peer', title: '… ÷ the best Node peer', must: 0.65, stretch: 0.5 },
  { name: 'warm_vs_floor', title: 'CPU, 1 KB ÷ one node:http request', must: 5.5, stretch: 4 },
  { name: 'warm_vs_best_node_peer', title: '… ÷ the best Node peer', must: 0.6, stretch: 0.45 },
  { name: 'warm_vs_fastapi', title: '… ÷ FastAPI + Mangum', must: 0.25, stretch: 0.2 },
  {
    name: 'body_1mb_vs_floor',
    title: 'CPU, 1 MB ÷ one node:http request',
    must: 1.6,
    stretch: 1.3,
  },
  {
    name: 'lambda_cpu_vs_http',
    title: 'CPU added to a function ÷ to HTTP',
    must: 1.5,
    stretch: 1.2,
  },
  {
    name: 'lambda_latency_vs_http',
    title: '… latency, p50',
    must: 1.5,
    stretch: 1.2,
  },
  { name: 'zip_kib', title: 'Zip in KiB', must: 150, stretch: 100 },
];

export type Ratios = Readonly<Record<RatioName, Spread>>;

/** Postern beside the others, round by round; a 1 MB body is one of each kind. */
export const ratiosOf = ({ candidates, cold, warm, kinds }: Measured): Ratios => {
  const coldMs = (name: CandidateName) => cold[name].map(({ firstResponseMs }) => firstResponseMs);
  const cpuUs = (name: CandidateName, workload: WorkloadName = 'json_1kb') =>
    warm[name]?.rounds[workload].map((figures) => figures.cpuUs) ?? [];
  const nodePeers = candidates.filter(({ kind }) => kind === 'node peer').map(({ name }) => name);
  const zipBytes = candidates.find(({ name }) => name === 'postern')?.zipBytes ?? NaN;
  const megabytesUs = (name: CandidateName) => {
    const [json, binary, upload] = [
      cpuUs(name, 'json_1mb'),
      cpuUs(name, 'binary_1mb'),
      cpuUs(name, 'upload_1mb'),
    ];
    return json.map((us, round) => us + (binary[round] ?? NaN) + (upload[round] ?? NaN));
  };
  return {
    cold_vs_floor: ratioOf(coldMs('postern'), coldMs('bare')),
    cold_vs_best_node_peer: ratioOf(coldMs('postern'), coldMs(best(nodePeers, coldMs))),
    warm_vs_floor: ratioOf(cpuUs('postern'), cpuUs('node_http')),
    warm_vs_best_node_peer: ratioOf(cpuUs('postern'), cpuUs(best(nodePeers, cpuUs))),
    warm_vs_fastapi: ratioOf(cpuUs('postern'), cpuUs('fastapi')),
    body_1mb_vs_floor: ratioOf(megabytesUs('postern'), megabytesUs('node_http')),
    lambda_cpu_vs_http: kinds.added_cpu,
    lambda_latency_vs_http: kinds.added_latency,
    zip_kib: spreadOf([zipBytes / 1024]),
  };
};

const best = (
  names: readonly CandidateName[],
  valuesOf: (name: CandidateName) => readonly number[],
): CandidateName =>
  names.reduce((a, b) => (spreadOf(valuesOf(a)).median <= spreadOf(valuesOf(b)).median ? a : b));
