import { quietly } from '../../stack/command-line/step.ts';

/** One kind of test, with any test runner. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<Outcome>;
}

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** What went wrong, for people; empty if nothing did. */
  readonly detail: string;
  /** A line for each failure; else the check's name stands for it. */
  readonly failures?: readonly string[];
  /** What was measured, by names with their units. */
  readonly figures?: Readonly<Record<string, number>>;
}

export const passed: Outcome = { passed: 1, failed: 0, detail: '' };

export const failed = (detail: string): Outcome => ({ passed: 0, failed: 1, detail });

export interface Totals extends Pick<Outcome, 'passed' | 'failed'> {
  readonly failures: readonly string[];
}

export interface Ended extends Outcome {
  readonly name: string;
  readonly seconds: number;
}

/**
 * Runs checks concurrently, up to a limit; those of a list one after another. Reports each on stderr when it ends,
 * without the steps inside it. A check that throws has failed, and one that runs no test.
 */
export const runChecks = async (
  checks: ReadonlyArray<Check | readonly Check[]>,
  atATime: number,
  onEnd: (ended: Ended) => void = () => undefined,
): Promise<Totals> => {
  const waiting = [...checks];
  const outcomes: Outcome[] = [];
  const runOne = async ({ name, run }: Check): Promise<void> => {
    const startedAt = performance.now();
    const outcome = await quietly(run).then(atLeastOne, (error: unknown) =>
      failed(describe(error)),
    );
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    const ended = { name, seconds, ...outcome };
    show(ended);
    onEnd(ended);
    outcomes.push({ ...outcome, failures: failuresOf(ended) });
  };
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      for (const check of [next].flat()) await runOne(check);
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return sumOf(outcomes);
};

const atLeastOne = (outcome: Outcome): Outcome =>
  outcome.passed + outcome.failed > 0 ? outcome : failed(`no test was run\n${outcome.detail}`);

const failuresOf = ({ name, failed, failures = [] }: Ended): readonly string[] => {
  if (failures.length > 0) return failures.map((failure) => `${name}: ${failure}`);
  return failed > 0 ? [name] : [];
};

export const sumOf = (outcomes: ReadonlyArray<Outcome | Totals>): Totals =>
  outcomes.reduce<Totals>(
    (sum, { passed, failed, failures = [] }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      failures: [...sum.failures, ...failures],
    }),
    { passed: 0, failed: 0, failures: [] },
  );

/** Several outcomes as one: what went wrong in order, and the figures of all. */
export const joined = (outcomes: readonly Outcome[]): Outcome => ({
  ...sumOf(outcomes),
  detail: outcomes
    .map(({ detail }) => detail)
    .join('\n')
    .trim(),
  figures: Object.assign({}, ...outcomes.map(({ figures }) => figures)) as Record<string, number>,
});

/**
 * The failures once more at the end of stderr, since their details are far above; the last line of stdout; and the exit
 * code. Nothing run is nothing passed.
 */
export const conclude = ({ passed, failed, failures }: Totals): number => {
  for (const failure of failures) console.error(`  ✗ ${failure}`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
};

const show = ({ name, passed, failed, detail, seconds, figures = {} }: Ended): void => {
  const mark = failed === 0 ? '✓' : '✗';
  const count = failed === 0 ? `${passed} passed` : `${passed} passed, ${failed} failed`;
  console.error(
    `  ${mark} ${name.padEnd(44)} ${count.padEnd(24)} ${seconds.toFixed(1).padStart(6)} s`,
  );
  for (const [figure, value] of Object.entries(figures)) console.error(`      ${figure}: ${value}`);
  if (detail !== '') console.error(`\n${detail}\n`);
};

const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'CommandError' ? error.message : String(error.stack);
};
