import type { RateLimitRule } from '../src/contract.ts';
import { planBuiltInRoutes } from './built-in-routes.ts';
import { chooseRateLimit } from './choose-rate-limit.ts';
import { type ContractDocument, methods, type Operation } from './document.ts';
import type { Report } from './problem.ts';
import { planAccess } from './plan-access.ts';
import { planBody } from './plan-body.ts';
import { planParameters } from './plan-parameters.ts';
import { type PlannedPath, planPaths } from './plan-paths.ts';
import { planRequest } from './plan-request.ts';
import { planTarget } from './plan-target.ts';
import type { RoutePlan } from './plan.ts';
import { bodySizeRange, readSize, sizeBytes } from './size.ts';

const defaultMaxBodyBytes = 1_048_576;

export const planRoutes = (
  document: ContractDocument,
  rateLimits: readonly RateLimitRule[],
  report: Report,
): readonly RoutePlan[] => {
  const routes = planPaths(document, report).flatMap((plannedPath) =>
    methods.flatMap((method) => {
      const operation = plannedPath.item[method];
      if (operation === undefined) return [];
      return [planRoute(document, plannedPath, { method, operation }, rateLimits, report)];
    }),
  );
  const { rateLimit } = document['x-postern']?.defaults ?? {};
  return [...planBuiltInRoutes(rateLimit === 'none' ? undefined : rateLimit), ...routes];
};

const planRoute = (
  document: ContractDocument,
  plannedPath: PlannedPath,
  { method, operation }: { method: (typeof methods)[number]; operation: Operation },
  rateLimits: readonly RateLimitRule[],
  report: Report,
): RoutePlan => {
  const { path } = plannedPath;
  const operationPath = ['paths', path, method];
  const { defaults } = document['x-postern'] ?? {};
  const access = planAccess(document, operation, operationPath, report);
  return {
    id: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    access,
    target: planTarget(document, operation, operationPath, path, report),
    rateLimit: chooseRateLimit(document, operation, operationPath, { access, rateLimits }, report),
    maxBodyBytes:
      readSize(
        operation['x-postern']?.maxBodySize,
        bodySizeRange,
        [...operationPath, 'x-postern', 'maxBodySize'],
        report,
      ) ??
      sizeBytes(defaults?.maxBodySize) ??
      defaultMaxBodyBytes,
    parameters: planParameters(document, plannedPath, operation, operationPath, report),
    body: planBody(document, operation, operationPath, report),
    request: planRequest(document, plannedPath.item, { method, operation }),
  };
};
