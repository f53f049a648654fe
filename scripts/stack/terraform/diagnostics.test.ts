import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { terraformFolder, workFolder } from '../command-line/folders.ts';
import {
  type Diagnostic,
  describeDiagnostic,
  describeWarnings,
  diagnosticsOf,
} from './diagnostics.ts';

const files = {
  folder: terraformFolder,
  copy: join(workFolder, 'local-4666', 'local.tfvars'),
  original: join(terraformFolder, 'environments', 'local.tfvars'),
};

const deprecated = (filename: string, line: number): Diagnostic => ({
  severity: 'warning',
  summary: 'Argument is deprecated',
  detail: 'name is deprecated. Use region instead.\n\nMore about it.',
  range: { filename, start: { line } },
});

describe('what Terraform reports', () => {
  it('is read from between its other messages', () => {
    const diagnostic = { severity: 'error', summary: 'No' };
    const output = [
      'not JSON',
      JSON.stringify({ type: 'version' }),
      JSON.stringify({ type: 'diagnostic', diagnostic }),
      '',
    ].join('\n');
    expect(diagnosticsOf(output)).toEqual([diagnostic]);
  });

  it('names the file that the user edits if Terraform reads a copy', () => {
    const error: Diagnostic = {
      severity: 'error',
      summary: 'Invalid value for variable',
      detail: `A value in "${files.copy}" is wrong.`,
      range: { filename: files.copy, start: { line: 12 } },
    };
    expect(describeDiagnostic(error, files)).toBe(
      'terraform/environments/local.tfvars:12: Invalid value for variable\n' +
        'A value in "terraform/environments/local.tfvars" is wrong.',
    );
  });

  it('names files as seen from the project, and the resource', () => {
    const error: Diagnostic = {
      ...deprecated('modules/api/main.tf', 3),
      severity: 'error',
      detail: '',
      address: 'module.api.aws_apigatewayv2_api.this',
    };
    expect(describeDiagnostic(error, files)).toBe(
      'terraform/modules/api/main.tf:3, module.api.aws_apigatewayv2_api.this: Argument is deprecated',
    );
  });

  it('warns of each thing in one line, however many places have it', () => {
    const diagnostics: readonly Diagnostic[] = [
      deprecated('main.tf', 1),
      deprecated('main.tf', 1),
      deprecated('modules/api/main.tf', 3),
      { severity: 'error', summary: 'No' },
      { severity: 'warning', summary: 'Applied changes may be incomplete' },
    ];
    expect(describeWarnings(diagnostics, files)).toEqual([
      'Argument is deprecated: name is deprecated. Use region instead. (terraform/main.tf:1 and 1 more)',
      'Applied changes may be incomplete',
    ]);
  });
});
