import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { terraformFolder, workFolder } from '../../stack/command-line/folders.ts';
import { type Finished, run } from '../../stack/command-line/run.ts';
import { cliConfigVariables } from '../../stack/terraform/cli-config.ts';
import {
  type Diagnostic,
  describeDiagnostic,
  describeWarnings,
  diagnosticsOf,
} from '../../stack/terraform/diagnostics.ts';
import { type Check, failed, type Outcome, passed } from './check.ts';

/** Format, validity and tests of the root and of every module; nothing is reached but the provider's mirror. */
export const terraformChecks = (): Check[] => [
  {
    name: 'terraform fmt',
    run: async () => {
      const { exitCode, stdout, stderr } = await terraformIn(terraformFolder, [
        'fmt',
        '-check',
        '-diff',
        '-recursive',
      ]);
      return exitCode === 0 ? passed : failed(`${stdout}${stderr}`.trim());
    },
  },
  ...moduleFolders().map((folder) => ({
    name: `terraform validate, test: ${relative(terraformFolder, folder) || 'root'}`,
    run: () => validateAndTest(folder),
  })),
];

/** The root module, the bootstrap and each module separately. */
export const moduleFolders = (): readonly string[] => {
  const modules = ['modules', 'extras'].flatMap((folder) =>
    readdirSync(join(terraformFolder, folder)).map((name) => join(terraformFolder, folder, name)),
  );
  return [terraformFolder, join(terraformFolder, 'bootstrap'), ...modules];
};

const validateAndTest = async (folder: string): Promise<Outcome> => {
  const init = await terraformIn(folder, ['init', '-backend=false', '-input=false', '-no-color']);
  if (init.exitCode !== 0) return failed(init.stderr.trim());
  const validate = await terraformIn(folder, ['validate', '-json']);
  const { diagnostics } = JSON.parse(validate.stdout) as { readonly diagnostics: Diagnostic[] };
  if (validate.exitCode !== 0) {
    return failed(diagnostics.map((each) => describeDiagnostic(each, { folder })).join('\n'));
  }
  if (!existsSync(join(folder, 'tests'))) return withWarnings(passed, diagnostics, folder);
  const test = await terraformIn(folder, ['test', '-json']);
  const tests = outcomeOfTests(test);
  return withWarnings(
    { ...tests, passed: tests.passed + passed.passed },
    [...diagnostics, ...diagnosticsOf(test.stdout)],
    folder,
  );
};

/** A deprecation fails nothing, and is to be seen. */
export const withWarnings = (
  outcome: Outcome,
  diagnostics: readonly Diagnostic[],
  folder: string,
): Outcome => {
  const warnings = describeWarnings(diagnostics, { folder }).map(
    (warning) => `Terraform warns: ${warning}`,
  );
  return { ...outcome, detail: [outcome.detail, ...warnings].filter(Boolean).join('\n') };
};

interface TestEvent {
  readonly type: string;
  readonly '@message': string;
  readonly diagnostic?: { readonly summary: string; readonly detail: string };
  readonly test_summary?: {
    readonly passed?: number;
    readonly failed?: number;
    readonly errored?: number;
  };
}

/** `terraform test -json` writes an event a line; the last of them sums up. */
export const outcomeOfTests = ({ exitCode, stdout, stderr }: Finished): Outcome => {
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as TestEvent);
  const summary = events.find(({ type }) => type === 'test_summary')?.test_summary;
  const failures = (summary?.failed ?? 0) + (summary?.errored ?? 0);
  const detail = events.flatMap(({ diagnostic, '@message': message }) =>
    diagnostic ? [message, diagnostic.detail] : [],
  );
  return {
    passed: summary?.passed ?? 0,
    failed: exitCode !== 0 && failures === 0 ? 1 : failures,
    detail: exitCode === 0 ? '' : [...detail, stderr].join('\n').trim(),
  };
};

export const terraformIn = (folder: string, args: readonly string[]): Promise<Finished> =>
  run('terraform', [`-chdir=${folder}`, ...args], {
    env: {
      ...process.env,
      ...cliConfigVariables(),
      TF_DATA_DIR: join(workFolder, 'checks', relative(terraformFolder, folder) || 'root'),
      CHECKPOINT_DISABLE: '1',
      // Tests with mocks need no region, but the provider's schema does in some of its functions.
      AWS_REGION: 'us-east-1',
    },
  });
