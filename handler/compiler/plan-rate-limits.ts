import type { RateLimitRule } from '../src/contract.ts';
import type { ContractDocument, RateLimitSection } from './document.ts';
import { readDuration } from './duration.ts';
import type { Path, Report } from './problem.ts';

export const planRateLimits = (
  document: ContractDocument,
  report: Report,
): readonly RateLimitRule[] =>
  Object.entries(document['x-postern']?.rateLimits ?? {}).map(([name, section]) =>
    planRateLimit(name, section ?? {}, ['x-postern', 'rateLimits', name], report),
  );

/** The order of a bucket's key: see `limitKey`. */
const dimensions = ['ip', 'caller', 'route'] as const;

const planRateLimit = (
  name: string,
  section: RateLimitSection,
  path: Path,
  report: Report,
): RateLimitRule => {
  const windowPath = [...path, 'window'];
  const windowMs =
    readDuration(section.window, { min: '1s', max: '24h' }, windowPath, report) ?? 1_000;
  if (windowMs % 1_000 !== 0)
    report(windowPath, `"window" is ${section.window}; it has whole seconds`);
  const limit = section.limit ?? 1;
  return {
    name,
    per: dimensions.filter((dimension) => section.per?.includes(dimension) ?? false),
    limit,
    windowSeconds: windowMs / 1_000,
    burst: section.burst ?? limit,
    onStoreFailure: section.onStoreFailure ?? 'allow',
    mode: section.mode ?? 'enforce',
  };
};
