import type { Line } from '../observability/dashboard-body.ts';

export interface Curve {
  /** What sets it apart from its neighbours, such as a route. */
  readonly name: string;
  /** What it shares with others of the graph, such as `p95`; empty where there is nothing to tell apart. */
  readonly series: string;
  readonly points: ReadonlyArray<{ readonly atMs: number; readonly value: number }>;
}

export interface Graph {
  readonly title: string;
  readonly unit: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly periodMs: number;
  readonly lines: readonly Line[];
  readonly curves: readonly Curve[];
}
