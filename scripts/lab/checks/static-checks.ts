import { join } from 'node:path';
import { binFolder } from '../../stack/command-line/folders.ts';
import { type Check, failed, passed } from './check.ts';
import { permissionsCheck } from './permissions-check.ts';
import { programCheck, runScript } from './program-check.ts';
import { validationsCheck } from './validations-check.ts';

/**
 * Compiles the contract, whose generated module the types and tests of the handler import: it goes first. Its warnings
 * are shown, and fail nothing.
 */
export const contractCheck: Check = {
  name: 'contract',
  run: async () => {
    const { exitCode, stderr } = await runScript('compile-contract.ts');
    return exitCode === 0 ? { ...passed, detail: stderr.trim() } : failed(stderr.trim());
  },
};

export const staticChecks: readonly Check[] = [
  programCheck('lint', join(binFolder, 'eslint'), ['--max-warnings', '0', '.']),
  programCheck('types', join(binFolder, 'tsc'), ['--noEmit']),
  programCheck('types of the load test', join(binFolder, 'tsc'), ['--noEmit', '-p', 'load-test']),
  programCheck('READMEs of Terraform modules', process.execPath, [
    ...process.execArgv,
    'scripts/commands/terraform-docs.ts',
    '--check',
  ]),
  programCheck('reference of the contract', process.execPath, [
    ...process.execArgv,
    'scripts/commands/contract-docs.ts',
    '--check',
  ]),
  programCheck('picture of the folders', process.execPath, [
    ...process.execArgv,
    'scripts/commands/architecture-docs.ts',
    '--check',
  ]),
  validationsCheck,
  permissionsCheck,
  programCheck('format', join(binFolder, 'prettier'), ['--check', '--log-level', 'warn', '.']),
];
