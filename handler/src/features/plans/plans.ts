import type { RateLimitRule, Route } from '../../contract.ts';
import { matchOf } from '../../exchange.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import { addressDenied, createIpFilter, type IpRules } from '../../http/ip-filter.ts';
import type { Feature } from '../../parts.ts';
import { withIpValues } from '../../stores/ip-values.ts';
import type { Quota } from '../../stores/quotas/quota.ts';
import { createThinLines } from '../../telemetry/thin-lines.ts';

/** What callers with the plan may do. */
export interface Plan {
  /** In place of the limits that a route has from the defaults. Absent: the route's limits apply. */
  readonly rateLimits?: readonly RateLimitRule[];
  readonly ipRules?: IpRules;
  readonly quota?: Quota;
}

declare module '../../exchange.ts' {
  interface Exchange {
    /** By `plans`: that of the caller. */
    plan?: Plan;
  }
}

declare module '../../contract.ts' {
  interface Route {
    /** Whether its limits are not from the defaults: they apply beside those of a plan. */
    readonly hasOwnRateLimits?: true;
  }
}

/**
 * Finds the plan of the caller, whom it waits for: the session must be known before a limit counts. Refuses callers whose
 * plan the contract does not have, and addresses that the plan does not allow.
 */
export const plans =
  (table: Readonly<Record<string, Plan>>): Feature =>
  ({ ipValues, now }) => {
    const thin = createThinLines(now);
    const known = new Map(
      Object.entries(table).map(([name, plan]) => {
        const { ipRules, rateLimits } = plan;
        const filter = ipRules && createIpFilter(withIpValues(ipRules, ipValues));
        return [name, { plan, filter, limited: rateLimits && createLimited(rateLimits) }] as const;
      }),
    );

    return {
      before: async ({ context: { exchange } }) => {
        const match = matchOf(exchange);
        if (match.route.access.kind === 'public') return;
        const name = (exchange.caller ?? (await exchange.session))?.plan;
        if (name === undefined) return;
        exchange.logFields = { ...exchange.logFields, plan: name };
        const found = known.get(name);
        if (found === undefined)
          throw new GatewayError('PLAN_UNKNOWN', {
            detail: 'Ask the provider of this API for a valid plan.',
            note: 'the contract has no plan of this name',
          });
        const { plan, filter, limited } = found;
        const note = filter?.(exchange.request.clientIp);
        if (note !== undefined) {
          const error = addressDenied(`${note}, by the plan`);
          exchange.thinned = { error, line: thin(exchange.request.clientIp) };
          throw error;
        }
        exchange.plan = plan;
        if (limited) exchange.match = { ...match, route: limited(match.route) };
      },
    };
  };

/** Makes routes with the limits of a plan, each once. */
const createLimited = (rateLimits: readonly RateLimitRule[]): ((route: Route) => Route) => {
  const made = new Map<Route, Route>();
  return (route) => {
    let limited = made.get(route);
    if (limited === undefined) {
      const own = route.hasOwnRateLimits ? route.rateLimits : [];
      limited = { ...route, rateLimits: [...new Set([...own, ...rateLimits])] };
      made.set(route, limited);
    }
    return limited;
  };
};
