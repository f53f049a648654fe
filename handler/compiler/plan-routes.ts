import type { RateLimitRule } from '../src/contract.ts';
import { planBuiltInRoutes } from './built-in-routes.ts';
import { chooseRateLimits } from './choose-rate-limits.ts';
import type { PlannedOperation } from './contract-part.ts';
import type { ContractDocument } from './document.ts';
import { nearestSetting } from './nearest-setting.ts';
import { planAccess } from './plan-access.ts';
import { planTarget } from './plan-target.ts';
import type { RoutePlan } from './plan.ts';
import type { Report } from './problem.ts';
import { sizeBytes } from './size.ts';

const defaultMaxBodyBytes = 1_048_576;

export const planRoutes = (
  document: ContractDocument,
  operations: readonly PlannedOperation[],
  rules: readonly RateLimitRule[],
  report: Report,
): readonly RoutePlan[] => {
  const defaults = document['x-postern']?.defaults?.rateLimits ?? [];
  return [
    ...planBuiltInRoutes(defaults.filter((name) => name !== undefined)),
    ...operations.map((operation) => planRoute(document, operation, rules, report)),
  ];
};

const planRoute = (
  document: ContractDocument,
  { id, path, method, operation, place }: PlannedOperation,
  rules: readonly RateLimitRule[],
  report: Report,
): RoutePlan => {
  const setting = nearestSetting(document, path, method);
  const access = planAccess(document, operation, place, report);
  return {
    id,
    method: method.toUpperCase(),
    path,
    access,
    target: planTarget(document, setting, { path, place }, report),
    rateLimits: chooseRateLimits(setting, { id, access }, rules, report),
    maxBodyBytes: sizeBytes(setting('maxBodySize')?.value) ?? defaultMaxBodyBytes,
  };
};
