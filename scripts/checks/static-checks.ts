import { join } from 'node:path';
import { binFolder, workFolder } from '../command-line/folders.ts';
import type { Check } from './check.ts';
import { programCheck, scriptCheck } from './program-check.ts';

/** Compiles the contract, whose generated module the types and tests of the handler import: it goes first. */
export const contractCheck: Check = scriptCheck('contract', 'compile-contract.ts');

/** Types and format are kept from run to run by content; lint is not, as a rule may look into files that changed. */
export const staticChecks: readonly Check[] = [
  programCheck('lint', join(binFolder, 'eslint'), ['--max-warnings', '0', '.']),
  programCheck('types', join(binFolder, 'tsc'), ['--noEmit', ...incremental('types')]),
  programCheck('types of the load test', join(binFolder, 'tsc'), [
    '--noEmit',
    ...incremental('types-load-test'),
    '-p',
    'load-test',
  ]),
  programCheck('READMEs of Terraform modules', process.execPath, [
    ...process.execArgv,
    'scripts/terraform-docs.ts',
    '--check',
  ]),
  programCheck('format', join(binFolder, 'prettier'), [
    '--check',
    '--log-level=warn',
    '--cache',
    '--cache-strategy=content',
    `--cache-location=${join(workFolder, 'checks', 'format')}`,
    '.',
  ]),
];

function incremental(name: string): string[] {
  return ['--incremental', '--tsBuildInfoFile', join(workFolder, 'checks', `${name}.tsbuildinfo`)];
}
