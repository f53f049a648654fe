import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Outcome, joined } from '../checks/check.ts';
import { jestCheck, onlyFile } from '../checks/jest-check.ts';
import { runCommand } from '../stack/run-command.ts';
import { withTestStack } from '../stack/test-stack.ts';
import type { TortureOptions, TorturePart } from './parts.ts';

/** A file of tests, by the project of Jest that it belongs to; or those of its tests whose title has a text. */
type TestFile = readonly [
  project: 'unit' | 'long' | 'integration' | 'stack',
  file: string,
  title?: string,
];

/**
 * Tests that `make test` also runs, with more cases: `handler/testing/effort.ts` says how many. Those of a deployed
 * stack get one of their own, unless they deploy themselves.
 */
export const tests =
  (files: readonly TestFile[], { deploys = false } = {}): TorturePart['run'] =>
  async (options) => {
    const needsStack =
      !deploys && files.some(([project]) => ['integration', 'stack'].includes(project));
    if (!needsStack) return runFiles(files, options, process.env);
    return withTestStack(async (variables) => {
      await runCommand('deploy', [], variables);
      return runFiles(files, options, variables);
    });
  };

interface Report {
  readonly cases: number;
  readonly figures: Readonly<Record<string, number>>;
}

const runFiles = async (
  files: readonly TestFile[],
  { seed, scale }: TortureOptions,
  variables: NodeJS.ProcessEnv,
): Promise<Outcome> => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-torture-'));
  const reportsFile = join(folder, 'reports');
  const env = {
    ...variables,
    TORTURE_SEED: String(seed),
    TORTURE_SCALE: String(scale),
    TORTURE_REPORTS: reportsFile,
  };
  try {
    const outcomes: Outcome[] = [];
    for (const [project, file, title] of files) {
      const ofTitle = title === undefined ? [] : ['--testNamePattern', title];
      const outcome = await jestCheck(file, [...onlyFile(project, file), ...ofTitle], env).run();
      const figures = { [`tests in ${project} ${basename(file)}`]: outcome.passed };
      outcomes.push({ ...outcome, figures });
    }
    const reports = readReports(reportsFile);
    const cases = reports.map((report) => ({
      passed: report.cases,
      failed: 0,
      detail: '',
      figures: report.figures,
    }));
    return joined([...outcomes, ...cases]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const readReports = (file: string): readonly Report[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Report)
    : [];
