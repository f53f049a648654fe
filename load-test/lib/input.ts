import type { GameDay } from './gameday.ts';

/** The input from `scripts/commands/loadtest.ts` for k6: a JSON file that only its owner can read. */
export interface LoadTestInput {
  /** Without a final slash; the contract's paths come after it. */
  readonly baseUrl: string;
  /** Sessions of one user each, with the roles that `reads` need: new users, so their buckets are full. */
  readonly members: readonly [LoadTestSession, ...LoadTestSession[]];
  /** Sent in turn by all scenarios but `smoke`. */
  readonly reads: readonly [Read, ...Read[]];
  /** Sent in turn by `smoke`. */
  readonly smokeCases: readonly SmokeCase[];
  /** By name, as the contract has them. */
  readonly rateLimits: Readonly<Record<string, Limit>>;
  /** How long `load`, `soak` and a release's `smoke` go on, such as `2h`; absent: the scenario's own. */
  readonly duration?: string;
  /** For `gameday` alone. */
  readonly gameDay?: GameDay;
  /** Where the figures of the run are written for `scripts/commands/loadtest.ts`. */
  readonly summaryFile: string;
}

/** A GET that changes nothing, made from the contract. */
export interface Read {
  /** Its name in the report, such as `GET /users/{id}`. */
  readonly route: string;
  /** With parameters and query filled in. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly isSignedIn: boolean;
  /** Names of its limits. */
  readonly limits: readonly string[];
  /**
   * Whose requests share its limits. All requests of a run have the same address: if a limit counts by address, 429 is
   * expected.
   */
  readonly limitedBy: 'caller' | 'address' | 'route' | 'nothing';
}

/** A read or a refusal: a smoke test leaves nothing behind at an upstream. */
export interface SmokeCase {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `200` means any success. */
  readonly statuses: readonly number[];
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
