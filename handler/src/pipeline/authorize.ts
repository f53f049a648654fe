import type { Requirement } from '../contract.ts';
import { matchOf } from '../exchange.ts';
import { GatewayError } from '../http/gateway-error.ts';
import type { Middleware } from '../middleware.ts';
import type { Session } from '../stores/sessions/session.ts';

/**
 * Waits for the session (401 where it has ended, 503 where it cannot be read) and checks its roles: it must have all of one
 * of the route's alternatives (403).
 */
export const authorize = (): Middleware => ({
  before: async ({ context: { exchange } }) => {
    const { access } = matchOf(exchange).route;
    if (access.kind === 'public' || exchange.caller !== undefined) return;
    const caller = await exchange.session;
    if (caller === undefined)
      throw new TypeError('No session was read: check the order of the pipeline');
    exchange.caller = caller;
    assertRoles(caller, access.alternatives);
  },
});

/** Throws ACCESS_DENIED unless the user has all the roles, or scopes, of one of the alternatives. */
export const assertRoles = (user: Session, alternatives: readonly Requirement[]): void => {
  if (alternatives.some((alternative) => hasRoles(user, alternative))) return;
  throw new GatewayError('ACCESS_DENIED', {
    detail: `Required: ${alternatives.map(describeRoles).join(', or ')}.`,
    headers: { 'www-authenticate': 'Bearer realm="postern", error="insufficient_scope"' }, // RFC 6750 §3.1.
    note: user.rolesProblem,
  });
};

const hasRoles = ({ roles, scopes = roles }: Session, alternative: Requirement): boolean => {
  for (const method in alternative) {
    const required = alternative[method as keyof Requirement];
    if (required?.every((name) => scopes.includes(name)) !== true) return false;
  }
  return true;
};

const describeRoles = (alternative: Requirement): string =>
  Object.values(alternative).flat().join(' and ');
