import type { Access, RateLimitRule } from '../../handler/src/contract/contract.ts';
import type { ContractDocument, Operation } from './document.ts';
import type { Path, Report } from './fault.ts';
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

/** A limit must be there, and where nobody is signed in it cannot count by user. */
export const checkRateLimit = (
  name: string,
  path: Path,
  { isPublic, rateLimits }: { isPublic: boolean; rateLimits: readonly RateLimitRule[] },
  report: Report,
): void => {
  const rule = rateLimits.find((candidate) => candidate.name === name);
  if (rule === undefined && name !== 'none') {
    const names = rateLimits.map((candidate) => candidate.name);
    report(path, `unknown rate limit "${name}"${suggestion(name, new Set([...names, 'none']))}`);
  } else if (rule?.per === 'user' && isPublic) {
    report(
      path,
      `"${name}" counts by user, and public routes have none — use a limit per ip or route`,
    );
  }
};
