import { describe, expect, it } from '@jest/globals';
import { findingsOf } from '../../../handler/compiler/problem.ts';
import { describeFindings, judge } from './describe-findings.ts';

const at = (file: string, line: number, message: string) => ({ file, line, column: 3, message });

const findings = findingsOf(
  {
    problems: [at('b.yaml', 1, 'broken'), at('a.yaml', 9, 'broken'), at('a.yaml', 9, 'broken')],
    warnings: [
      at('b.yaml', 2, 'odd'),
      ...[8, 4, 6, 5, 4].map((line) => at('a.yaml', line, 'odd')),
      at('a.yaml', 7, 'other'),
    ],
  },
  ['a.yaml', 'b.yaml'],
);

describe('the findings in a contract', () => {
  it('are one line for each problem, and one for equal warnings with their places', () => {
    expect(describeFindings(judge(findings, { isStrict: false }))).toBe(
      [
        'a.yaml:4:3  warning odd (5 places: also 5:3, 6:3, 8:3 and 1 more)',
        'a.yaml:7:3  warning other',
        'a.yaml:9:3  broken',
        'b.yaml:1:3  broken',
        '',
        'The contract is not valid: 2 errors, 2 warnings.',
      ].join('\n'),
    );
  });

  it('name every place for programs, and are errors if strict', () => {
    const warnings = findings.filter(({ severity }) => severity === 'warning');
    expect(judge(warnings, { isStrict: false })).toMatchObject({
      valid: true,
      errors: 0,
      warnings: 2,
    });
    expect(judge(warnings, { isStrict: true })).toMatchObject({
      valid: false,
      errors: 2,
      warnings: 0,
      findings: [
        {
          severity: 'error',
          file: 'a.yaml',
          line: 4,
          column: 3,
          message: 'odd',
          places: [
            { file: 'a.yaml', line: 4, column: 3 },
            { file: 'a.yaml', line: 5, column: 3 },
            { file: 'a.yaml', line: 6, column: 3 },
            { file: 'a.yaml', line: 8, column: 3 },
            { file: 'b.yaml', line: 2, column: 3 },
          ],
        },
        { message: 'other' },
      ],
    });
  });

  it('say that a contract without any is valid', () => {
    expect(describeFindings(judge([], { isStrict: true }))).toBe(
      'The contract is valid: 0 errors, 0 warnings.',
    );
  });
});
