import type { Access, Target } from '../src/contract.ts';
import type { PlannedRoute } from './contract-part.ts';
import type { ContractDocument } from './document.ts';
import { formatPlace } from './problem.ts';
import { nearestSetting } from './sections.ts';
import type { Locate } from './source/placed-document.ts';

/** A route in the terms of the contract, to be listed or compared. */
export interface ListedRoute {
  readonly id: string;
  readonly method: string;
  /** As the contract has it. */
  readonly path: string;
  readonly access: Access;
  /** By their names, as the contract defines them. */
  readonly rateLimits: Readonly<Record<string, unknown>>;
  readonly maxBodyBytes: number;
  readonly target: Target;
  /** `file:line:column`. Absent: one of the gateway's own routes. */
  readonly definedAt?: string;
}

export const listRoutes = (
  document: ContractDocument,
  routes: readonly PlannedRoute[],
  locate: Locate,
): readonly ListedRoute[] =>
  routes.map(({ plan: { id, method, access, maxBodyBytes, target }, operation }) => ({
    id,
    method,
    path: id.slice(method.length + 1),
    access,
    rateLimits: rateLimitsOf(document, operation),
    maxBodyBytes,
    target,
    ...(operation && { definedAt: formatPlace(locate(operation.place, 'key')) }),
  }));

const rateLimitsOf = (
  document: ContractDocument,
  operation: PlannedRoute['operation'],
): ListedRoute['rateLimits'] => {
  const names = operation && nearestSetting(document, operation)('rateLimits')?.value;
  const { rateLimits: defined } = (document['x-postern'] ?? {}) as {
    readonly rateLimits?: ListedRoute['rateLimits'];
  };
  return Object.fromEntries(
    (Array.isArray(names) ? names : []).map((name) => [String(name), defined?.[String(name)]]),
  );
};
