import type { Access, RateLimitRule } from '../src/contract.ts';
import type { ContractDocument } from './document.ts';
import type { NearestSetting } from './nearest-setting.ts';
import type { Report } from './problem.ts';

interface LimitedOperation {
  readonly id: string;
  readonly access: Access;
}

/** The names of an operation's limits. Where nobody is signed in none can count by caller. */
export const chooseRateLimits = (
  setting: NearestSetting,
  { id, access }: LimitedOperation,
  rules: readonly RateLimitRule[],
  report: Report,
): readonly string[] => {
  const chosen = setting('rateLimits');
  if (chosen === undefined) return [];
  const names = chosen.value.filter((name) => name !== undefined);
  // The defaults are checked by themselves: the gateway's own routes have them too.
  if (access.kind === 'public' && chosen.at !== 'defaults') {
    const who = chosen.at === 'operation' ? 'this public operation' : `the public "${id}"`;
    reportCallerRules(names, rules, { who: `${who} has` }, (index, message) =>
      report([...chosen.path, index], message),
    );
  }
  return names;
};

/** Public operations have the default limits, /health/ready and /openapi.json among them. */
export const checkDefaultRateLimits = (
  document: ContractDocument,
  rules: readonly RateLimitRule[],
  report: Report,
): void => {
  const names = document['x-postern']?.defaults?.rateLimits ?? [];
  const who = 'public operations, /health/ready and /openapi.json have';
  const rest = (name: string): string =>
    `, and "x-postern: { rateLimits: [${name}] }" in the operations that need a session`;
  reportCallerRules(names, rules, { who, rest }, (index, message) =>
    report(['x-postern', 'defaults', 'rateLimits', index], message),
  );
};

const reportCallerRules = (
  names: readonly (string | undefined)[],
  rules: readonly RateLimitRule[],
  { who, rest = () => '' }: { readonly who: string; readonly rest?: (name: string) => string },
  report: (index: number, message: string) => void,
): void => {
  for (const [index, name] of names.entries()) {
    const rule = rules.find((candidate) => candidate.name === name);
    if (name === undefined || rule?.per.includes('caller') !== true) continue;
    report(
      index,
      `"${name}" counts by caller, and ${who} no caller — ${otherLimit(rules)}${rest(name)}`,
    );
  }
};

const otherLimit = (rules: readonly RateLimitRule[]): string => {
  const other = rules.find(({ per }) => !per.includes('caller'));
  return other === undefined
    ? 'add "visitor: { per: [ip], limit: 100, window: 60s }" to x-postern.rateLimits, and write "rateLimits: [visitor]" here'
    : `write "rateLimits: [${other.name}]" here, which counts by ${other.per.join(' and ')}`;
};
