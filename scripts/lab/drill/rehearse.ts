import { CommandError } from '../../stack/command-line/command-error.ts';
import { step } from '../../stack/command-line/step.ts';
import type { DrillStack } from './drill-stack.ts';
import { fillIn, readRunbook, type Runbook } from './runbook.ts';

/** The entry of one runbook in `reports/drill.json`. */
export interface Rehearsal {
  readonly runbook: string;
  readonly title: string;
  readonly verdict: 'passed' | 'failed';
  /** From the first step's beginning until the checks passed again. */
  readonly recovery_seconds: number;
  readonly steps: ReadonlyArray<{ readonly title: string; readonly seconds: number }>;
  /** What was verified after recovery, or what failed. */
  readonly finding: string;
}

/** Does the damage, follows the page to its end, and looks whether all holds again. Never throws. */
export const rehearse = async (drill: Drill, stack: DrillStack): Promise<Rehearsal> => {
  const runbook = readRunbook(drill.runbook);
  const steps: Array<{ title: string; seconds: number }> = [];
  let startedAt = performance.now();
  const report = (verdict: 'passed' | 'failed', finding: string): Rehearsal => ({
    runbook: runbook.name,
    title: runbook.title,
    verdict,
    recovery_seconds: secondsSince(startedAt),
    steps,
    finding,
  });
  try {
    const broken = await step(`${runbook.name}: the damage`, () => drill.breakIt(stack));
    startedAt = performance.now();
    const screen = await follow(
      { runbook, drill, stack, values: broken.values },
      (title, seconds) => steps.push({ title, seconds }),
    );
    const finding = await broken.prove(screen);
    const { recovery_seconds: seconds } = report('passed', finding);
    return seconds > (drill.mostSeconds ?? Infinity)
      ? report('failed', `it took ${seconds} s, more than ${drill.mostSeconds}`)
      : report('passed', finding);
  } catch (error) {
    return report('failed', error instanceof Error ? error.message : String(error));
  }
};

interface Following {
  readonly runbook: Runbook;
  readonly drill: Pick<Drill, 'reads'>;
  readonly stack: DrillStack;
  readonly values?: Readonly<Record<string, string>> | undefined;
}

/** Runs the steps exactly as on the page, and returns their output, which fills the placeholders of later ones. */
export const follow = async (
  { runbook, drill, stack, values = {} }: Following,
  onStep: (title: string, seconds: number) => void = () => undefined,
): Promise<string> => {
  let screen = '';
  for (const each of runbook.steps) {
    const commands = fillIn(each, { env: 'local', ...values, ...readFrom(screen, drill.reads) });
    const folder = runbook.name === 'rebuild' ? stack.home : stack.checkout;
    const startedAt = performance.now();
    screen += await step(`${runbook.name}: ${each.title}`, async () => {
      const { exitCode, stdout, stderr } = await stack.shell(commands, folder);
      if (exitCode === 0) return stdout;
      throw new CommandError(
        `${commands}\nended with exit code ${exitCode}:\n${stdout}${stderr}`.trim(),
      );
    });
    onStep(each.title, secondsSince(startedAt));
  }
  return screen;
};

const readFrom = (screen: string, reads: Drill['reads']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(reads).flatMap(([name, pattern]) => {
      const value = pattern.exec(screen)?.[1];
      return value === undefined ? [] : [[name, value]];
    }),
  );

const secondsSince = (startedAt: number): number =>
  Math.round((performance.now() - startedAt) / 100) / 10;

/**
 * The test of one runbook: the failure, the values that a person would read from the screen, and the checks after
 * recovery.
 */
export interface Drill {
  readonly runbook: string;
  /** What is looked for in the output of the steps so far, by the placeholder it fills; the first group counts. */
  readonly reads: Readonly<Record<string, RegExp>>;
  /** The time limit of the runbook, if any. */
  readonly mostSeconds?: number;
  /** Does the damage, and shows that it hurts. */
  readonly breakIt: (stack: DrillStack) => Promise<Broken>;
}

interface Broken {
  /** Placeholders that the situation itself fills. */
  readonly values?: Readonly<Record<string, string>>;
  /** Throws if a check after recovery fails; returns what was checked. Receives the output of the steps. */
  readonly prove: (screen: string) => Promise<string>;
}
