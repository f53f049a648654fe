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
  /** The failures as text, each with the command that repeats it. Empty if there are none. */
  readonly detail: string;
  /** What was measured on the way, by names with their units. */
  readonly figures?: Readonly<Record<string, number>>;
}

export interface PartReport extends TortureOutcome {
  readonly name: string;
  readonly seconds: number;
}

/** Runs the parts one after another, because each may need the whole machine. A part that throws has failed. */
export const runParts = async (
  parts: readonly TorturePart[],
  options: TortureOptions,
  onEnd: (report: PartReport) => void,
): Promise<readonly PartReport[]> => {
  const reports: PartReport[] = [];
  for (const part of parts) {
    const startedAt = performance.now();
    const outcome = await part.run(options).catch(thrown);
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    const report = { name: part.name, seconds, ...nothingIsNoSuccess(outcome) };
    reports.push(report);
    onEnd(report);
  }
  return reports;
};

const thrown = (error: unknown): TortureOutcome => ({
  cases: 1,
  failed: 1,
  detail: error instanceof Error ? String(error.stack) : String(error),
});

const nothingIsNoSuccess = (outcome: TortureOutcome): TortureOutcome =>
  outcome.cases > 0 || outcome.failed > 0
    ? outcome
    : { ...outcome, failed: 1, detail: `no case was run\n${outcome.detail}`.trim() };
