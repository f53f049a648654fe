import { CommandError } from '../../stack/command-line/command-error.ts';

/** What a check found, and what to do if it is not as it has to be. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
}

export interface DoctorCheck {
  readonly name: string;
  /** Returns what it found. A `CommandError` says what is wrong, and what to do. */
  readonly check: () => Promise<string>;
  /** Checks that make no sense if this one fails. */
  readonly then?: (found: string) => readonly DoctorCheck[];
}

/** Runs all checks, one after the other, so that one problem hides no other. */
export const diagnose = async (checks: readonly DoctorCheck[]): Promise<readonly Finding[]> => {
  const findings: Finding[] = [];
  for (const { name, check, then } of checks) {
    try {
      const found = await check();
      findings.push({ name, ok: true, found });
      findings.push(...(await diagnose(then?.(found) ?? [])));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      findings.push({ name, ok: false, found: error.message });
    }
  }
  return findings;
};

/** A line for each check; what to do is below it. */
export const describeFindings = (findings: readonly Finding[]): string => {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const problems = findings.filter(({ ok }) => !ok).length;
  const lines = findings.map(({ name, ok, found }) => {
    const [first = '', ...rest] = found.split('\n');
    const indent = ' '.repeat(width + 4);
    return [
      `${ok ? '✓' : '✗'} ${name.padEnd(width)}  ${first}`,
      ...rest.map((line) => indent + line),
    ]
      .join('\n')
      .trimEnd();
  });
  const verdict =
    problems === 0
      ? 'Nothing is wrong.'
      : `${problems === 1 ? '1 problem' : `${problems} problems`}.`;
  return [...lines, '', verdict].join('\n');
};
