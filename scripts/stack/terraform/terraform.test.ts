import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { terraformFolder } from '../command-line/folders.ts';
import type { Environment } from '../environments/environment.ts';
import { localEnvironment } from '../environments/local-environment.ts';
import type { Diagnostic } from './diagnostics.ts';
import { terraform } from './terraform.ts';

let folder: string;
let told: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-terraform-'));
  told = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told += String(text);
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** A stack on a separate port, whose Terraform reports this and ends with this code. */
const environmentWhereTerraform = (
  exitCode: number,
  diagnostics: readonly Diagnostic[],
): Environment => {
  const lines = diagnostics.map((diagnostic) =>
    JSON.stringify({ type: 'diagnostic', diagnostic }).replaceAll("'", ''),
  );
  const bin = join(folder, 'bin');
  const program = join(bin, 'terraform');
  mkdirSync(bin);
  writeFileSync(
    program,
    `#!/bin/sh\ncase " $* " in *" -json "*) printf '%s\\n' '${lines.join('\n')}' ;; esac\nexit ${exitCode}\n`,
  );
  chmodSync(program, 0o755);
  return {
    ...localEnvironment({ LOCAL_PORT: '4666', LOCAL_SECRET: 'any' }),
    name: 'local',
    folder,
    variables: { PATH: `${bin}:${process.env['PATH']}` },
    variablesFile: join(terraformFolder, 'environments', 'local.tfvars'),
    backendFile: '',
  };
};

const warning: Diagnostic = {
  severity: 'warning',
  summary: 'Argument is deprecated',
  detail: 'Use another.\n\nAt length.',
  range: { filename: 'main.tf', start: { line: 7 } },
};

describe('terraform', () => {
  it.each(['init', 'plan', 'apply', 'destroy'])(
    'shows what it warns of in a line, though the output of %s is kept',
    async (command) => {
      const summary = `Deprecated in ${command}`;
      const environment = environmentWhereTerraform(0, [{ ...warning, summary }]);
      const { diagnostics } = await terraform(environment, [command]);
      expect(diagnostics).toHaveLength(1);
      expect(told).toBe(`    Terraform warns: ${summary}: Use another. (terraform/main.tf:7)\n`);
    },
  );

  it('keeps the words of a command together', async () => {
    const environment = environmentWhereTerraform(0, []);
    writeFileSync(join(folder, 'bin', 'terraform'), '#!/bin/sh\necho "$*"\n');
    const { stdout } = await terraform(environment, ['state', 'list']);
    expect(stdout).toMatch(/^-chdir=\S+ state list\b/);
  });

  it('warns once of what a plan and its apply both report', async () => {
    const environment = environmentWhereTerraform(0, [{ ...warning, summary: 'Once' }]);
    await terraform(environment, ['plan']);
    await terraform(environment, ['apply']);
    expect(told.match(/Once/g)).toHaveLength(1);
  });

  it('fails with the file that the user edits if it reads a copy', async () => {
    const copy = join(folder, 'local.tfvars');
    const environment = environmentWhereTerraform(1, [
      {
        severity: 'error',
        summary: 'Invalid value for variable',
        detail: `${copy} has it.`,
        range: { filename: copy, start: { line: 3 } },
      },
    ]);
    await expect(terraform(environment, ['plan'])).rejects.toThrow(
      'terraform plan failed.\n' +
        'terraform/environments/local.tfvars:3: Invalid value for variable\n' +
        'terraform/environments/local.tfvars has it.',
    );
  });
});
