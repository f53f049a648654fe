/** One point that the gateway is put to the torture for, in its long form. */
export interface TorturePart {
  readonly name: string;
  run(options: TortureOptions): Promise<TortureOutcome>;
}

export interface TortureOptions {
  /** The same seed gives the same cases. */
  readonly seed: number;
  /** 1 is the full numbers; 0.01 a hundredth of them. */
  readonly scale: number;
}

export interface TortureOutcome {
  readonly cases: number;
  readonly failed: number;
  /** What went wrong, for people, with what replays each failing case; empty where nothing did. */
  readonly detail: string;
  /** What was measured on the way, by names with their units. */
  readonly figures?: Readonly<Record<string, number>>;
}
