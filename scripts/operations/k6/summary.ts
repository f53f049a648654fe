/** What k6 hands to a scenario's `handleSummary`, as far as it is used here. Times are in ms. */
export interface Summary {
  readonly state: { readonly testRunDurationMs: number };
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly root_group: { readonly checks: readonly Check[] };
}

export interface Metric {
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

export interface Check {
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}
