import { matchOf } from '../exchange.ts';
import { GatewayError } from '../http/gateway-error.ts';
import type { Middleware } from '../middleware.ts';

/** Waits for the session (401 where it has ended, 503 where it cannot be read) and asks for one of the route's roles (403). */
export const authorize = (): Middleware => ({
  before: async ({ context: { exchange } }) => {
    const { access } = matchOf(exchange).route;
    if (access.kind === 'public') return;
    const caller = await exchange.session;
    if (caller === undefined)
      throw new TypeError('No session was read: check the order of the pipeline');
    const allowed =
      access.anyRoleOf.length === 0 || access.anyRoleOf.some((role) => caller.roles.includes(role));
    exchange.caller = caller;
    if (allowed) return;
    throw new GatewayError('ACCESS_DENIED', {
      detail: `One of these roles is required: ${access.anyRoleOf.join(', ')}.`,
      headers: { 'www-authenticate': 'Bearer realm="postern", error="insufficient_scope"' }, // RFC 6750 §3.1.
      note: caller.rolesProblem,
    });
  },
});
