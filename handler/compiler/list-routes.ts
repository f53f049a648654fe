import type { Access, Target } from '../src/contract.ts';
import { planCache } from '../src/features/cache/compile/plan-cache.ts';
import { planMirror } from '../src/features/mirror/compile/plan-mirror.ts';
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
  /** By their names, the outermost first. */
  readonly plugins: readonly string[];
  readonly maxBodyBytes: number;
  readonly target: Target;
  /** Gets copies of requests. */
  readonly mirror?: { readonly upstream: string; readonly percent: number };
  /** Its responses are stored: for this time if the service says nothing. */
  readonly cache?: { readonly ttlSeconds?: number };
  /** `file:line:column`. Absent: one of the gateway's own routes. */
  readonly definedAt?: string;
}

export const listRoutes = (
  document: ContractDocument,
  routes: readonly PlannedRoute[],
  locate: Locate,
): readonly ListedRoute[] =>
  routes.map(({ plan, plan: { id, method, access, maxBodyBytes, target }, operation }) => ({
    id,
    method,
    path: id.slice(method.length + 1),
    access,
    rateLimits: rateLimitsOf(document, { plan, operation }),
    plugins: namesAt(document, operation, 'plugins'),
    maxBodyBytes,
    target,
    ...mirrorOf(document, { plan, operation }),
    ...cacheOf(document, { plan, operation }),
    ...(operation && { definedAt: formatPlace(locate(operation.place, 'key')) }),
  }));

const mirrorOf = (document: ContractDocument, route: PlannedRoute): Pick<ListedRoute, 'mirror'> => {
  const mirror = planMirror(document, route, () => undefined);
  if (mirror === undefined) return {};
  return { mirror: { upstream: mirror.target.upstream, percent: mirror.permille / 10 } };
};

const cacheOf = (document: ContractDocument, route: PlannedRoute): Pick<ListedRoute, 'cache'> => {
  const silent = { report: () => undefined, warn: () => undefined };
  const plan = planCache(document, route, silent);
  if (plan === undefined) return {};
  return { cache: plan.ttlSeconds === undefined ? {} : { ttlSeconds: plan.ttlSeconds } };
};

const rateLimitsOf = (
  document: ContractDocument,
  { plan: { target }, operation }: PlannedRoute,
): ListedRoute['rateLimits'] => {
  const { rateLimits: defined, defaults } = (document['x-postern'] ?? {}) as {
    readonly rateLimits?: ListedRoute['rateLimits'];
    readonly defaults?: { readonly rateLimits?: readonly string[] };
  };
  // The gateway's own routes have those of the defaults, and `/health` none.
  const isHealth = target.kind === 'built-in' && target.name === 'health';
  const names =
    operation === undefined && !isHealth
      ? (defaults?.rateLimits ?? [])
      : namesAt(document, operation, 'rateLimits');
  return Object.fromEntries(names.map((name) => [name, defined?.[name]]));
};

const namesAt = (
  document: ContractDocument,
  operation: PlannedRoute['operation'],
  key: 'plugins' | 'rateLimits',
): readonly string[] => {
  const names = operation && nearestSetting(document, operation)(key)?.value;
  return Array.isArray(names) ? names.map(String) : [];
};
