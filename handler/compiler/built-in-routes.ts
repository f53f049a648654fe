import type { Access, BuiltInName } from '../src/contract.ts';
import { type BuiltInPlan, type ContractPart, viewOfRoot } from './contract-part.ts';
import type { ContractDocument } from './document.ts';
import * as parts from './parts.ts';
import type { RoutePlan } from './plan.ts';

export const builtInRoute = (
  { name, path }: { readonly name: BuiltInName; readonly path: string },
  access: Access = { kind: 'public' },
): RoutePlan => ({
  id: `GET ${path}`,
  method: 'GET',
  path,
  access,
  target: { kind: 'built-in', name },
  maxBodyBytes: 0,
});

/** Routes that every gateway itself responds to. */
export const builtInRoutes = [
  builtInRoute({ name: 'health', path: '/health' }),
  builtInRoute({ name: 'ready', path: '/health/ready' }),
  builtInRoute({ name: 'openapi', path: '/openapi.json' }),
  builtInRoute({ name: 'yaml', path: '/openapi.yaml' }),
];

/** Those that only this contract asks for. */
export const furtherBuiltIns = (document: ContractDocument): readonly BuiltInPlan[] =>
  Object.values<ContractPart>(parts).flatMap(
    (part) => part.routes?.(viewOfRoot(part, document)) ?? [],
  );
