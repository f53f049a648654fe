import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadTestInput } from '../../load-test/lib/input.ts';
import type { Summary } from './summary.ts';

interface Run {
  readonly k6: string;
  readonly scenarioFile: string;
  readonly input: Omit<LoadTestInput, 'summaryFile'>;
  /** Where k6's web dashboard is written as one HTML file. */
  readonly htmlReport: string;
}

/** k6's exit codes that mean a run came to its end: all well, and a threshold crossed. */
const finished: readonly (number | null)[] = [0, 99];

/**
 * Runs one scenario to its end and gives k6's exit code and summary. The sessions' tokens pass
 * through a file that only its owner may read and that is gone afterwards.
 */
export const runK6 = async (run: Run): Promise<{ exitCode: number; summary: Summary }> => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-loadtest-'));
  const inputFile = join(folder, 'input.json');
  const summaryFile = join(folder, 'summary.json');
  const input: LoadTestInput = { ...run.input, summaryFile };
  try {
    writeFileSync(inputFile, JSON.stringify(input), { mode: 0o600 });
    const exitCode = await exitCodeOf(run, inputFile);
    if (!finished.includes(exitCode) || !existsSync(summaryFile)) {
      throw new Error(`k6 stopped early with exit code ${exitCode}; its reason is above.`);
    }
    return { exitCode, summary: JSON.parse(readFileSync(summaryFile, 'utf8')) as Summary };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const exitCodeOf = ({ k6, scenarioFile, htmlReport }: Run, inputFile: string): Promise<number> => {
  const child = spawn(k6, ['run', '--no-usage-report', scenarioFile], {
    // Progress is not the result: stdout is kept for the figures.
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
    env: { ...process.env, ...dashboardTo(htmlReport), LOADTEST_INPUT: inputFile },
  });
  // An interrupt reaches k6 as well, which then ends in good order; this process outlives it to tidy up.
  const stayAlive = (): void => {};
  process.on('SIGINT', stayAlive);
  const forward = (): void => void child.kill('SIGTERM');
  process.on('SIGTERM', forward);
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  }).finally(() => process.off('SIGINT', stayAlive).off('SIGTERM', forward));
};

/** The report alone: no server (port -1), a point a second so that short runs have a curve. */
const dashboardTo = (htmlReport: string): Record<string, string> => ({
  K6_WEB_DASHBOARD: 'true',
  K6_WEB_DASHBOARD_EXPORT: htmlReport,
  K6_WEB_DASHBOARD_HOST: '127.0.0.1',
  K6_WEB_DASHBOARD_PORT: '-1',
  K6_WEB_DASHBOARD_PERIOD: '1s',
});
