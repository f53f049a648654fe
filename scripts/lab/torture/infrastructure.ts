import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildWithGo } from '../../stack/command-line/find-go-program.ts';
import { projectFolder, terraformFolder, workFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { installVenv } from '../../stack/local-cloud/python.ts';
import { failed, joined, type Outcome, passed } from '../checks/check.ts';

/** Checkov on every environment with the modules it uses, and gitleaks on the files and their history. */
export const infrastructure = async (): Promise<Outcome> => {
  const outcomes: Outcome[] = [];
  for (const file of readdirSync(join(terraformFolder, 'environments')))
    if (file.endsWith('.tfvars')) outcomes.push(await checkov(file));
  for (const source of ['git', 'dir'] as const) outcomes.push(await gitleaks(source));
  return joined(outcomes);
};

const venv = join(workFolder, 'audit-venv');
const requirementsFile = join(import.meta.dirname, 'requirements.txt');

const mostSkips = 12;

interface CheckovReport {
  readonly summary: Readonly<Record<'passed' | 'failed' | 'skipped' | 'parsing_errors', number>>;
  readonly results: {
    readonly failed_checks: ReadonlyArray<{ readonly check_id: string; readonly resource: string }>;
  };
}

/** The root and every module, with the variables of one environment, without network. */
const checkov = async (file: string): Promise<Outcome> => {
  await installVenv(venv, requirementsFile, 'checkov');
  const args = ['--directory', '.', '--framework', 'terraform', '--skip-download', '--compact'];
  const { stdout } = await run(
    join(venv, 'bin', 'checkov'),
    [...args, '--var-file', join('environments', file), '--output', 'json'],
    { cwd: terraformFolder, env: { ...process.env, HCL_PARSE_TIMEOUT_SEC: '60' } },
  );
  const { summary, results } = JSON.parse(stdout) as CheckovReport;
  const { skipped, parsing_errors: unread } = summary;
  const problems = [
    ...results.failed_checks.map((check) => `${file}: ${check.check_id} ${check.resource}`),
    ...(skipped > mostSkips ? [`${file}: ${skipped} skips`] : []),
    ...(unread > 0 ? [`${file}: ${unread} files were not read`] : []),
  ];
  return {
    passed: summary.passed,
    failed: problems.length,
    detail: problems.join('\n'),
    figures: { [`${file} passed`]: summary.passed, [`${file} skipped`]: skipped },
  };
};

const version = 'v8.30.1';
const gitleaksFolder = join(workFolder, 'bin', `gitleaks-${version}`);

/** Possible secrets in the history (`git`) or in the current files (`dir`). */
const gitleaks = async (source: 'git' | 'dir'): Promise<Outcome> => {
  const program = join(gitleaksFolder, 'gitleaks');
  if (!existsSync(program)) {
    const module = `github.com/zricethezav/gitleaks/v8@${version}`;
    await buildWithGo({
      name: 'gitleaks',
      module,
      folder: gitleaksFolder,
      howToGet: 'Install Go.',
    });
  }
  const { exitCode, stdout, stderr } = await run(
    program,
    [source, '.', '--no-banner', '--no-color', '--redact', '--verbose'],
    { cwd: projectFolder },
  );
  return exitCode === 0 ? passed : failed(`${stdout}${stderr}`.trim());
};
