import type { Access } from '../src/contract.ts';
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
  warn: Report,
): readonly PlannedRoute[] => [
  ...builtInRoutes.map((plan) => ({ plan, operation: undefined })),
  ...Array.from(planAccess(document, operations, report, warn), ([operation, access]) => ({
    plan: planRoute(document, operation, access, report),
    operation,
  })),
];

const planRoute = (
  document: ContractDocument,
  planned: PlannedOperation,
  access: Access,
  report: Report,
): RoutePlan => {
  const { id, template, method } = planned;
  const maxBodySize = nearestSetting(document, planned)('maxBodySize')?.value;
  return {
    id,
    method: method.toUpperCase(),
    path: template.path,
    access,
    target: planTarget(document, planned, report),
    maxBodyBytes: sizeBytes(maxBodySize as string | undefined) ?? defaultMaxBodyBytes,
  };
};
