import type { RateLimitRule } from '../src/contract.ts';
import { checkRateLimit } from './choose-rate-limit.ts';
import type { ContractDocument } from './document.ts';
import { readDuration, timeoutRange } from './duration.ts';
import type { Report } from './problem.ts';
import { suggestion } from './nearest.ts';
import { bodySizeRange, readSize } from './size.ts';

export const checkDefaults = (
  document: ContractDocument,
  rateLimits: readonly RateLimitRule[],
  report: Report,
): void => {
  const { defaults = {}, upstreams = {} } = document['x-postern'] ?? {};
  const path = ['x-postern', 'defaults'];
  readDuration(defaults.timeout, timeoutRange, [...path, 'timeout'], report);
  readSize(defaults.maxBodySize, bodySizeRange, [...path, 'maxBodySize'], report);
  if (defaults.upstream !== undefined && !(defaults.upstream in upstreams)) {
    const hint = suggestion(defaults.upstream, Object.keys(upstreams));
    report([...path, 'upstream'], `unknown upstream "${defaults.upstream}"${hint}`);
  }
  if (defaults.rateLimit !== undefined) {
    // /health/ready and /openapi.json are public, and limited by it.
    checkRateLimit(
      defaults.rateLimit,
      [...path, 'rateLimit'],
      { isPublic: true, isDefault: true, rateLimits },
      report,
    );
  }
};
