import { join } from 'node:path';
import { binFolder, projectFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { type Check, failed, passed } from './check.ts';
import { programCheck } from './program-check.ts';

/**
 * Compiles the contract, whose generated module the types and tests of the handler import: it goes first. Its warnings
 * are shown, and fail nothing.
 */
export const contractCheck: Check = {
  name: 'contract',
  run: async () => {
    const args = [...process.execArgv, 'scripts/commands/compile-contract.ts'];
    const { exitCode, stderr } = await run(process.execPath, args, { cwd: projectFolder });
    return exitCode === 0 ? { ...passed, detail: stderr.trim() } : failed(stderr.trim());
  },
};

const docsCheck = (name: string, script: string): Check =>
  programCheck(name, process.execPath, [
    ...process.execArgv,
    `scripts/commands/${script}.ts`,
    '--check',
  ]);

export const staticChecks: readonly Check[] = [
  programCheck('lint', join(binFolder, 'eslint'), ['--max-warnings', '0', '.']),
  programCheck('terraform fmt', 'terraform', [
    'fmt',
    '-check',
    '-diff',
    '-recursive',
    'terraform',
    'examples',
  ]),
  programCheck('types', join(binFolder, 'tsc'), ['--noEmit']),
  programCheck('types of the load test', join(binFolder, 'tsc'), ['--noEmit', '-p', 'load-test']),
  docsCheck('READMEs of Terraform modules', 'terraform-docs'),
  docsCheck('reference of the contract', 'contract-docs'),
  docsCheck('lists of the commands', 'command-docs'),
  docsCheck('picture of the folders', 'architecture-docs'),
  programCheck('format', join(binFolder, 'prettier'), ['--check', '--log-level', 'warn', '.']),
];
