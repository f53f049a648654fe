import { matchOf } from '../exchange.ts';
import { GatewayError } from '../http/gateway-error.ts';
import type { Middleware } from '../middleware.ts';

/**
 * Waits for the session (401 where it has ended, 503 where it cannot be read) and checks its roles: it must have all of one
 * of the route's alternatives (403).
 */
export const authorize = (): Middleware => ({
  before: async ({ context: { exchange } }) => {
    const { access } = matchOf(exchange).route;
    if (access.kind === 'public') return;
    const caller = await exchange.session;
    if (caller === undefined)
      throw new TypeError('No session was read: check the order of the pipeline');
    exchange.caller = caller;
    const { alternatives } = access;
    if (alternatives.some((roles) => roles.every((role) => caller.roles.includes(role)))) return;
    throw new GatewayError('ACCESS_DENIED', {
      detail: `Required: ${alternatives.map(describeRoles).join(', or ')}.`,
      headers: { 'www-authenticate': 'Bearer realm="postern", error="insufficient_scope"' }, // RFC 6750 §3.1.
      note: caller.rolesProblem,
    });
  },
});

const describeRoles = (roles: readonly string[]): string =>
  `the ${roles.length === 1 ? 'role' : 'roles'} ${roles.join(' and ')}`;
