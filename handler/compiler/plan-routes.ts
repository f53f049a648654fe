import { builtInRoutes } from './built-in-routes.ts';
import type { PlannedOperation, PlannedRoute } from './contract-part.ts';
import type { ContractDocument } from './document.ts';
import { nearestSetting } from './sections.ts';
import { planAccess } from './plan-access.ts';
import { planTarget } from './plan-target.ts';
import type { RoutePlan } from './plan.ts';
import type { Report } from './problem.ts';
import { sizeBytes } from './size.ts';

const defaultMaxBodyBytes = 1_048_576;

export const planRoutes = (
  document: ContractDocument,
  operations: readonly PlannedOperation[],
  report: Report,
): readonly PlannedRoute[] => [
  ...builtInRoutes.map((plan) => ({ plan, operation: undefined })),
  ...operations.map((operation) => ({ plan: planRoute(document, operation, report), operation })),
];

const planRoute = (
  document: ContractDocument,
  planned: PlannedOperation,
  report: Report,
): RoutePlan => {
  const { id, path, template, method, operation, place } = planned;
  const setting = nearestSetting(document, planned);
  const access = planAccess(document, operation, place, report);
  return {
    id,
    method: method.toUpperCase(),
    path: template.path,
    access,
    target: planTarget(document, setting, { path, place }, report),
    maxBodyBytes: sizeBytes(setting('maxBodySize')?.value) ?? defaultMaxBodyBytes,
  };
};
