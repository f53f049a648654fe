import type { LatencyComparison } from './compare-latency.ts';
import type { Step } from './shift.ts';
import type { Stopped } from './watch.ts';

/** What a release did and saw: `reports/release.json`. */
export interface Evidence {
  readonly environment: string;
  readonly function: string;
  /** The ARN that AWS knows the caller by. */
  readonly who: string;
  /** Absent outside of a repository; `+` where files differ from it. */
  readonly commit: string | undefined;
  readonly startedAt: string;
  endedAt?: string;
  readonly version: string;
  readonly versionBefore: string;
  /** Of the zip, in hex. */
  readonly sha256: string;
  readonly alarmsWatched: number;
  /** Rang before anything was moved, and were not held against the release. */
  readonly alarmsThatRangBefore: readonly string[];
  directCheck?: { readonly requests: number; readonly faults: readonly string[] };
  latency?: Readonly<Record<string, LatencyComparison>>;
  readonly steps: Step[];
  result: 'released' | 'stopped' | 'under way';
  stoppedBy?: {
    readonly check: Stopped['by'] | 'failure';
    /** `before any traffic`, or the share of requests it had. */
    readonly at: string;
    readonly reason: string;
  };
}
