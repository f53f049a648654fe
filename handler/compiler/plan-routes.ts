import type { RateLimitRule } from '../src/contract.ts';
import { planBuiltInRoutes } from './built-in-routes.ts';
import { chooseRateLimit } from './choose-rate-limit.ts';
import type { PlannedOperation } from './contract-part.ts';
import type { ContractDocument } from './document.ts';
import { planAccess } from './plan-access.ts';
import { planTarget } from './plan-target.ts';
import type { RoutePlan } from './plan.ts';
import type { Report } from './problem.ts';
import { bodySizeRange, readSize, sizeBytes } from './size.ts';

const defaultMaxBodyBytes = 1_048_576;

export const planRoutes = (
  document: ContractDocument,
  operations: readonly PlannedOperation[],
  rateLimits: readonly RateLimitRule[],
  report: Report,
): readonly RoutePlan[] => {
  const { rateLimit } = document['x-postern']?.defaults ?? {};
  return [
    ...planBuiltInRoutes(rateLimit === 'none' ? undefined : rateLimit),
    ...operations.map((operation) => planRoute(document, operation, rateLimits, report)),
  ];
};

const planRoute = (
  document: ContractDocument,
  { id, path, method, operation, place }: PlannedOperation,
  rateLimits: readonly RateLimitRule[],
  report: Report,
): RoutePlan => {
  const { defaults } = document['x-postern'] ?? {};
  const access = planAccess(document, operation, place, report);
  return {
    id,
    method: method.toUpperCase(),
    path,
    access,
    target: planTarget(document, operation, place, path, report),
    rateLimit: chooseRateLimit(document, operation, place, { access, rateLimits }, report),
    maxBodyBytes:
      readSize(
        operation['x-postern']?.maxBodySize,
        bodySizeRange,
        [...place, 'x-postern', 'maxBodySize'],
        report,
      ) ??
      sizeBytes(defaults?.maxBodySize) ??
      defaultMaxBodyBytes,
  };
};
