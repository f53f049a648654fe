import type { Access, RateLimitRule } from '../src/contract.ts';
import type { ContractDocument, Operation } from './document.ts';
import type { Path, Report } from './problem.ts';
import { suggestion } from './nearest.ts';

/** The name of an operation's limit, its own or the default; undefined for none. */
export const chooseRateLimit = (
  document: ContractDocument,
  operation: Operation,
  operationPath: Path,
  { access, rateLimits }: { access: Access; rateLimits: readonly RateLimitRule[] },
  report: Report,
): string | undefined => {
  const own = operation['x-postern']?.rateLimit;
  if (own !== undefined) {
    const path = [...operationPath, 'x-postern', 'rateLimit'];
    checkRateLimit(own, path, { isPublic: access.kind === 'public', rateLimits }, report);
  }
  const chosen = own ?? document['x-postern']?.defaults?.rateLimit;
  return chosen === 'none' ? undefined : chosen;
};

interface LimitPlace {
  readonly isPublic: boolean;
  /** It is that of every operation that names none. */
  readonly isDefault?: boolean;
  readonly rateLimits: readonly RateLimitRule[];
}

/** A limit must be there, and where nobody is signed in it cannot count by user. */
export const checkRateLimit = (
  name: string,
  path: Path,
  { isPublic, isDefault = false, rateLimits }: LimitPlace,
  report: Report,
): void => {
  const who = isDefault
    ? 'public operations, /health/ready and /openapi.json have'
    : 'this public operation has';
  const rest = isDefault
    ? `, and "x-postern: { rateLimit: ${name} }" in the operations that need a session`
    : '';
  const rule = rateLimits.find((candidate) => candidate.name === name);
  if (rule === undefined && name !== 'none') {
    const names = rateLimits.map((candidate) => candidate.name);
    report(path, `unknown rate limit "${name}"${suggestion(name, new Set([...names, 'none']))}`);
  } else if (rule?.per === 'user' && isPublic) {
    report(path, `"${name}" counts by user, and ${who} no user — ${otherLimit(rateLimits)}${rest}`);
  }
};

const otherLimit = (rateLimits: readonly RateLimitRule[]): string => {
  const other = rateLimits.find(({ per }) => per !== 'user');
  return other === undefined
    ? 'add "visitor: { per: ip, limit: 100, window: 60s }" to x-postern.rateLimits, and write "rateLimit: visitor" here'
    : `write "rateLimit: ${other.name}" here, which counts by ${other.per}`;
};
