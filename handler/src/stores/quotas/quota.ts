import type { Period, Span } from './period.ts';

/** How many requests a caller of a plan has in a day or a month. */
export interface Quota {
  /** Of the plan. */
  readonly name: string;
  readonly limit: number;
  readonly period: Period;
  readonly onStoreFailure: 'allow' | 'deny';
}

export interface QuotaDecision {
  readonly allowed: boolean;
  /** As this execution environment knows it. */
  readonly remaining: number;
  /** The day or month that the request counts for. */
  readonly span: Span;
}

export interface Quotas {
  /**
   * Counts one request of the caller, if it has one left. In no day or month are more allowed than the limit, by the
   * clocks of the execution environments. Throws `StoreUnavailable` if the usage cannot be written.
   */
  take(
    caller: string,
    quota: Quota,
    options: {
      /** Epoch milliseconds. */
      readonly deadlineMs: number;
    },
  ): Promise<QuotaDecision>;
}
