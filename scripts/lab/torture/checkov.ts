import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { terraformFolder, workFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { installVenv } from '../../stack/local-cloud/python.ts';

export interface CheckovCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Files that it could not read, and so did not check. */
  readonly parsingErrors: number;
  readonly detail: string;
}

const folder = join(workFolder, 'audit-venv');
const requirementsFile = join(import.meta.dirname, 'requirements.txt');

export const environmentNames = (): readonly string[] =>
  readdirSync(join(terraformFolder, 'environments'))
    .filter((name) => name.endsWith('.tfvars'))
    .map((name) => name.slice(0, -'.tfvars'.length));

/** Runs checkov on the root and every module with the variables of one environment, without network. */
export const judgeByCheckov = async (environment: string): Promise<CheckovCounts> => {
  await installVenv(folder, requirementsFile, 'checkov');
  const args = ['--directory', '.', '--framework', 'terraform', '--skip-download', '--compact'];
  const file = ['--var-file', join('environments', `${environment}.tfvars`), '--output', 'json'];
  const { stdout, stderr } = await run(join(folder, 'bin', 'checkov'), [...args, ...file], {
    cwd: terraformFolder,
    env: { ...process.env, HCL_PARSE_TIMEOUT_SEC: '60' },
  });
  const { summary, results } = parse(stdout, stderr);
  return {
    passed: summary.passed,
    failed: summary.failed,
    skipped: summary.skipped,
    parsingErrors: summary.parsing_errors,
    detail: results.failed_checks
      .map(({ check_id: check, resource }) => `${environment}: ${check} ${resource}`)
      .join('\n'),
  };
};

interface Report {
  readonly summary: {
    readonly passed: number;
    readonly failed: number;
    readonly skipped: number;
    readonly parsing_errors: number;
  };
  readonly results: {
    readonly failed_checks: ReadonlyArray<{ readonly check_id: string; readonly resource: string }>;
  };
}

const parse = (stdout: string, stderr: string): Report => {
  try {
    return JSON.parse(stdout) as Report;
  } catch {
    throw new Error(`checkov gave no report:\n${stderr}`);
  }
};
