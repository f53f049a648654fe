import type { GameDay } from './gameday.ts';

/** What `scripts/loadtest.ts` hands to k6, as a JSON file that is readable by its owner alone. */
export interface LoadTestInput {
  /** Without a final slash; the contract's paths come after it. */
  readonly baseUrl: string;
  /** Sessions of one user each, with the role `user`: new users, so their buckets are full. */
  readonly members: readonly LoadTestSession[];
  readonly admin: LoadTestSession;
  /** By name, as the contract has them. */
  readonly rateLimits: Readonly<Record<string, Limit>>;
  /** How long `load`, `soak` and a release's `smoke` go on, such as `2h`; absent: the scenario's own. */
  readonly duration?: string;
  /** For `gameday` alone. */
  readonly gameDay?: GameDay;
  /** Where the figures of the run are written for `scripts/loadtest.ts`. */
  readonly summaryFile: string;
}

export interface LoadTestSession {
  readonly userId: string;
  readonly token: string;
}

export interface Limit {
  readonly limit: number;
  readonly windowSeconds: number;
  readonly burst: number;
}
