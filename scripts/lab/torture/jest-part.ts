import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { jestCheck, onlyFile } from '../checks/jest-check.ts';
import { runCommand } from '../stack/run-command.ts';
import { withTestStack } from '../stack/test-stack.ts';
import type { TortureOptions, TorturePart } from './part.ts';

/** A file of tests, by the project of Jest that it belongs to. */
type TestFile = readonly [project: 'unit' | 'long' | 'integration' | 'stack', file: string];

/**
 * Tests that `make test` also runs, with more cases: `handler/testing/effort.ts` says how many. Those of a deployed
 * stack get one of their own.
 */
export const jestPart = (name: string, files: readonly TestFile[]): TorturePart => ({
  name,
  run: async (options) => {
    const needsStack = files.some(([project]) => ['integration', 'stack'].includes(project));
    if (!needsStack) return runFiles(files, options, process.env);
    return withTestStack(async (variables) => {
      await runCommand('deploy', [], variables);
      return runFiles(files, options, variables);
    });
  },
});

const runFiles = async (
  files: readonly TestFile[],
  { seed, scale }: TortureOptions,
  variables: NodeJS.ProcessEnv,
) => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-torture-'));
  const figuresFile = join(folder, 'figures');
  const effort = {
    TORTURE_SEED: String(seed),
    TORTURE_SCALE: String(scale),
    TORTURE_FIGURES: figuresFile,
  };
  try {
    const outcomes = [];
    for (const [project, file] of files) {
      const check = jestCheck(file, onlyFile(project, file), { ...variables, ...effort });
      outcomes.push({ name: basename(file), project, ...(await check.run()) });
    }
    const measured = existsSync(figuresFile) ? readFigures(figuresFile) : [];
    return {
      cases:
        sum(outcomes.map((one) => one.passed + one.failed)) +
        sum(measured.map(({ cases }) => cases)),
      failed: sum(outcomes.map(({ failed }) => failed)),
      detail: outcomes
        .map(({ detail }) => detail)
        .join('\n')
        .trim(),
      figures: {
        ...Object.fromEntries(outcomes.map((one) => [`${one.project} ${one.name}`, one.passed])),
        ...Object.fromEntries(measured.flatMap(({ figures }) => Object.entries(figures))),
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Measured {
  readonly cases: number;
  readonly figures: Readonly<Record<string, number>>;
}

const readFigures = (file: string): readonly Measured[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Measured);

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);
