import { quietly } from '../../stack/command-line/step.ts';

/** One kind of test, with any test runner. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<Outcome>;
}

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** What went wrong, for people; empty where nothing did. */
  readonly detail: string;
}

export const passed: Outcome = { passed: 1, failed: 0, detail: '' };

export const failed = (detail: string): Outcome => ({ passed: 0, failed: 1, detail });

export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Runs checks concurrently, up to a limit. Reports each on stderr when it ends, without the steps inside it. A check
 * that throws has failed.
 */
export const runChecks = async (checks: readonly Check[], atATime: number): Promise<Totals> => {
  const waiting = [...checks];
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const startedAt = performance.now();
      const outcome = await quietly(check.run).catch((error: unknown) => failed(describe(error)));
      tell(check, outcome, (performance.now() - startedAt) / 1000);
      outcomes.push(outcome);
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return sumOf(outcomes);
};

export const sumOf = (totals: readonly Totals[]): Totals =>
  totals.reduce(
    (sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }),
    { passed: 0, failed: 0 },
  );

/** The last line of stdout, and the exit code. Nothing run is nothing passed. */
export const conclude = ({ passed, failed }: Totals): number => {
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
};

const tell = ({ name }: Check, { passed, failed, detail }: Outcome, seconds: number): void => {
  const mark = failed === 0 ? '✓' : '✗';
  const count = failed === 0 ? `${passed} passed` : `${passed} passed, ${failed} failed`;
  console.error(
    `  ${mark} ${name.padEnd(44)} ${count.padEnd(24)} ${seconds.toFixed(1).padStart(6)} s`,
  );
  if (detail !== '') console.error(`\n${detail}\n`);
};

const describe = (error: unknown): string =>
  error instanceof Error
    ? error.name === 'CommandError'
      ? error.message
      : String(error.stack)
    : String(error);
