import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadTestInput } from '../../../load-test/lib/input.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { run } from '../../stack/command-line/run.ts';
import { readSamples, type Sample } from './read-samples.ts';
import type { Summary } from './figures.ts';
import { findGoProgram } from '../../stack/command-line/find-go-program.ts';

interface LoadTest {
  readonly k6: string;
  readonly scenarioFile: string;
  readonly input: Omit<LoadTestInput, 'summaryFile'>;
  /** Where k6's web dashboard is written as one HTML file. */
  readonly htmlReport: string;
  /** Ends the run early. */
  readonly signal?: AbortSignal;
}

export interface Finished {
  readonly exitCode: number;
  readonly summary: Summary;
  readonly samples: readonly Sample[];
}

/** Those that thresholds and reports go by: without the others, a long run's samples are half as large. */
const tags = ['check', 'expected_response', 'group', 'name', 'scenario', 'status'];

/** k6's exit codes of a complete run: success, and a crossed threshold. */
const finished: readonly number[] = [0, 99];

/**
 * Runs one scenario completely and returns k6's exit code, its summary and every single request. The sessions' tokens
 * pass through a file that only its owner may read and that is gone afterwards.
 */
export const runK6 = async (test: LoadTest): Promise<Finished> => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-loadtest-'));
  const inputFile = join(folder, 'input.json');
  const summaryFile = join(folder, 'summary.json');
  const samplesFile = join(folder, 'samples.csv.gz');
  const input: LoadTestInput = { ...test.input, summaryFile };
  try {
    writeFileSync(inputFile, JSON.stringify(input), { mode: 0o600 });
    const options = [
      '--no-usage-report',
      ...(process.stderr.isTTY ? [] : ['--quiet']),
      ...['--out', `csv=${samplesFile}`, '--system-tags', tags.join(',')],
    ];
    const { exitCode } = await run(test.k6, ['run', ...options, test.scenarioFile], {
      output: 'to-stderr',
      env: {
        ...process.env,
        ...dashboardTo(test.htmlReport),
        LOADTEST_INPUT: inputFile,
        K6_CSV_TIME_FORMAT: 'unix_milli',
      },
      ...(test.signal && { signal: test.signal }),
    });
    if (!finished.includes(exitCode) || !existsSync(summaryFile)) {
      throw new CommandError(`k6 stopped early with exit code ${exitCode}. Its error is above.`);
    }
    const summary = JSON.parse(readFileSync(summaryFile, 'utf8')) as Summary;
    return { exitCode, summary, samples: await readSamples(samplesFile) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The report alone: no server (port -1), and a point a second so that short runs have a curve. */
const dashboardTo = (htmlReport: string): Record<string, string> => ({
  K6_WEB_DASHBOARD: 'true',
  K6_WEB_DASHBOARD_EXPORT: htmlReport,
  K6_WEB_DASHBOARD_HOST: '127.0.0.1',
  K6_WEB_DASHBOARD_PORT: '-1',
  K6_WEB_DASHBOARD_PERIOD: '1s',
});

const patienceSeconds = 10;

/** Reports an unreachable gateway before any load is sent. */
export const checkHealth = async (url: string, deployCommand: string): Promise<void> => {
  const complaint = await complaintAbout(url);
  if (complaint === undefined) return;
  throw new CommandError(
    `${url} should respond 200; ${complaint}. Deploy it first:\n  ${deployCommand}`,
  );
};

const complaintAbout = async (url: string): Promise<string | undefined> => {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(patienceSeconds * 1000) });
    return status === 200 ? undefined : `it responds ${status}`;
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError';
    return isTimeout ? `it is silent for ${patienceSeconds} s` : 'it cannot be reached';
  }
};

const version = 'v1.8.1';

export const findK6 = (): Promise<string> =>
  findGoProgram({
    name: 'k6',
    module: 'go.k6.io/k6',
    version,
    versionArgument: 'version',
    isSupported,
    howToGet:
      `Put k6 ${version} on the PATH (https://github.com/grafana/k6/releases/tag/${version}), ` +
      'or install Go 1.25 or newer (https://go.dev/dl), with which it is built here.',
  });

/** From 1.0 on k6 runs TypeScript; 2.x gives its figures in another form. */
export const isSupported = (versionLine: string): boolean => /^k6 v1\./.test(versionLine);
