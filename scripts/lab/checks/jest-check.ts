import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { type Check, failed, type Outcome } from './check.ts';

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Files that could not even be loaded, or that failed after their tests. */
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: ReadonlyArray<{
    /** Its path. */
    readonly name: string;
    /** All that is reported of its failures. */
    readonly message: string;
    readonly assertionResults: ReadonlyArray<{
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }>;
  }>;
}

/** A project of jest's: each of its tests counts. With coverage, the floor that the configuration sets counts as one more. */
export const jestCheck = (
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Check => ({
  name,
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-jest-'));
    const reportFile = join(folder, 'report.json');
    try {
      const { exitCode, stdout, stderr } = await run(
        process.execPath,
        [
          '--experimental-vm-modules',
          '--no-warnings',
          join(projectFolder, 'node_modules', 'jest', 'bin', 'jest.js'),
          // Whatever a failed test has left open does not keep it from ending.
          '--forceExit',
          '--json',
          `--outputFile=${reportFile}`,
          ...args,
        ],
        { cwd: projectFolder, env },
      );
      // From both streams: the gateway's log during a test is not the reason of a failure.
      const output = `${stderr}\n${stdout}`
        .split('\n')
        .filter((line) => !line.startsWith('{') && !line.startsWith('PASS '))
        .join('\n');
      return outcomeOf(readReport(reportFile), {
        exitCode,
        output,
        hasFloor: args.includes('--coverage'),
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

/** The arguments that run one file of a project. */
export const onlyFile = (project: string, file: string): readonly string[] => [
  ...['--selectProjects', project, '--runInBand'],
  ...['--runTestsByPath', file],
];

const readReport = (file: string): JestReport | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JestReport;
  } catch {
    return undefined;
  }
};

interface End {
  readonly exitCode: number;
  readonly output: string;
  readonly hasFloor: boolean;
}

export const outcomeOf = (
  report: JestReport | undefined,
  { exitCode, output, hasFloor }: End,
): Outcome => {
  if (report === undefined) return failed(output.trim());
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = report;
  const failures = numFailedTests + numRuntimeErrorTestSuites;
  // Any other reason for a failed Jest run, such as coverage below its floor or no tests.
  const isOtherFailure = exitCode !== 0 && failures === 0;
  const floor = hasFloor && exitCode === 0 ? 1 : 0;
  return {
    passed: numPassedTests + floor,
    failed: failures + (isOtherFailure ? 1 : 0),
    failures: failuresIn(report),
    detail: exitCode === 0 ? '' : output.trim(),
  };
};

/** Tests, and files that failed outside of their tests, each with the first line of its reason. */
const failuresIn = ({ testResults }: JestReport): readonly string[] =>
  testResults.flatMap(({ name, message, assertionResults }) => [
    ...assertionResults.flatMap(({ fullName, failureMessages: [reason] }) =>
      reason === undefined ? [] : [`${fullName}: ${firstLineOf(reason)}`],
    ),
    ...message
      .split(/● Test suite failed to run\s+/)
      .slice(1)
      .map((reason) => `${relative(projectFolder, name)}: ${firstLineOf(reason)}`),
  ]);

const firstLineOf = (reason: string): string =>
  stripVTControlCharacters(reason.split('\n', 1)[0] ?? '').slice(0, 200);
