import { type Finding, formatFinding } from '../../../handler/compiler/problem.ts';

export interface Verdict {
  readonly valid: boolean;
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
}

/** A contract is valid without errors. If strict, warnings are errors. */
export const judge = (
  findings: readonly Finding[],
  { isStrict }: { readonly isStrict: boolean },
): Verdict => {
  const judged = isStrict
    ? findings.map((finding) => ({ ...finding, severity: 'error' as const }))
    : findings;
  const errors = judged.filter(({ severity }) => severity === 'error').length;
  return { valid: errors === 0, errors, warnings: judged.length - errors, findings: judged };
};

/** One line a finding, in the form that editors and terminals show as a link, and a last line that counts them. */
export const describeFindings = ({ valid, errors, warnings, findings }: Verdict): string => {
  const count = `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  return [
    ...findings.map(formatFinding),
    ...(findings.length > 0 ? [''] : []),
    `The contract is ${valid ? 'valid' : 'not valid'}: ${count}.`,
  ].join('\n');
};

const counted = (count: number, word: string): string =>
  `${count} ${word}${count === 1 ? '' : 's'}`;
