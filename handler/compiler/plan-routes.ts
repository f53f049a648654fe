import type { Access } from '../src/contract.ts';
import { builtInRoute, builtInRoutes, furtherBuiltIns } from './built-in-routes.ts';
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
): readonly PlannedRoute[] => {
  const further = furtherBuiltIns(document).map((plan) => ({
    ...plan,
    id: `GET ${plan.path}`,
    operation: plan.security === undefined ? {} : { security: plan.security },
  }));
  const access = planAccess(document, [...further, ...operations], report, warn);
  return [
    ...builtInRoutes.map((plan) => ({ plan, operation: undefined })),
    ...further.map((each) => ({
      plan: builtInRoute(each, access.get(each)),
      operation: undefined,
    })),
    ...operations.map((operation) => ({
      plan: planRoute(
        document,
        operation,
        access.get(operation) ?? { kind: 'signed-in', alternatives: [] },
        report,
      ),
      operation,
    })),
  ];
};

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
