import type { TortureOptions, TortureOutcome, TorturePart } from './part.ts';

export interface PartReport extends TortureOutcome {
  readonly name: string;
  readonly seconds: number;
}

/** Runs the parts one after another, as each may want the whole machine. One that throws has failed. */
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
