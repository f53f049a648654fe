import type { Access } from '../src/contract.ts';
import { builtInRoutes } from './built-in-routes.ts';
import { byTarget } from '../src/upstreams/split/routes-by-target.ts';
import type { PlannedOperation, PlannedRoute } from './contract-part.ts';
import type { ContractDocument } from './document.ts';
import { nearestSetting } from './sections.ts';
import { planAccess } from './plan-access.ts';
import { planTarget } from './plan-target.ts';
import type { RoutePlan } from './plan.ts';
import type { Report } from './problem.ts';
import { sizeBytes } from './size.ts';

const defaultMaxBodyBytes = 1_048_576;

/** Of an operation with a problem. */
const unknown: Access = { kind: 'signed-in', alternatives: [] };

export const planRoutes = (
  document: ContractDocument,
  operations: readonly PlannedOperation[],
  report: Report,
  warn: Report,
): readonly PlannedRoute[] => {
  const builtIns = builtInRoutes(document).map(({ key, security, method = 'GET', ...route }) => ({
    maxBodyBytes: 0,
    ...route,
    method,
    id: `${method} ${route.path}`,
    place: ['x-postern', 'builtIn', key],
    operation: security === undefined ? {} : { security },
  }));
  const access = planAccess(document, [...builtIns, ...operations], report, warn);
  return [
    ...builtIns.map((route) => {
      const { id, method, path, target, maxBodyBytes } = route;
      const plan = { id, method, path, access: access.get(route) ?? unknown, target };
      return { plan: { ...plan, maxBodyBytes }, operation: undefined };
    }),
    ...operations.map((operation) => ({
      plan: planRoute(document, operation, access.get(operation) ?? unknown, report),
      operation,
    })),
  ];
};

/** The planned route, once for each of its targets. */
export const routesByTarget = ({ plan, operation }: PlannedRoute): readonly PlannedRoute[] =>
  byTarget(plan).map((each) => ({ plan: each, operation }));

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
