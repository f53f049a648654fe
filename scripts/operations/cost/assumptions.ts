import { type Arguments, number } from '../../stack/command-line/arguments.ts';

/** What an estimate assumes; each is an argument of the command. */
export interface Assumptions {
  readonly requests: number;
  /** Share of requests that carry a session. */
  readonly signedIn: number;
  /** Size of a response. */
  readonly bodyKb: number;
  readonly upstreamMs: number;
  /** Requests a second of one environment under load: its metrics are gathered for ten seconds. */
  readonly perSecond: number;
  /** Called routes; each has separate metrics. */
  readonly routes: number;
  /** Share of requests that start an environment. */
  readonly coldStarts: number;
  /** Items that the tables hold: sessions, and buckets of callers seen lately. */
  readonly items: number;
}

export const assumptionNames = [
  ...['REQUESTS', 'SIGNED_IN', 'BODY_KB', 'UPSTREAM_MS'],
  ...['PER_SECOND', 'ROUTES', 'COLD_STARTS', 'ITEMS'],
];

export const readAssumptions = (args: Arguments): Assumptions => {
  const read = (name: string, usual: number, least: number, most: number): number =>
    number(args[name], name, { usual, least, most });
  return {
    requests: read('REQUESTS', 1_000_000, 1, 1e12),
    signedIn: read('SIGNED_IN', 1, 0, 1),
    bodyKb: read('BODY_KB', 2, 0, 6_144),
    upstreamMs: read('UPSTREAM_MS', 20, 0, 29_000),
    perSecond: read('PER_SECOND', 20, 0.001, 1_000),
    routes: read('ROUTES', 6, 1, 10_000),
    coldStarts: read('COLD_STARTS', 0.005, 0, 1),
    items: read('ITEMS', 100_000, 0, 1e10),
  };
};
