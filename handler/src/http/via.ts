import { hash } from 'node:crypto';
import { GatewayError } from './gateway-error.ts';

/**
 * A gateway's name in `Via` (RFC 9110 §7.6.3): the same in all of its execution environments, and different for every
 * other gateway, so that gateways can be chained. `identity` is unique to a gateway.
 */
export const viaNameOf = (identity: readonly string[]): string =>
  `postern-${hash('sha256', JSON.stringify(identity)).slice(0, 8)}`;

/** A service may send a request back through its gateway to another route once. More passes are a loop. */
const maxPasses = 2;

/**
 * `Via` with the gateway as its last member. Throws LOOP_DETECTED (RFC 5842 §7.2) if the request has passed the gateway
 * too often.
 */
export const withVia = (via: string | undefined, viaName: string): string => {
  const own = `1.1 ${viaName}`;
  if (via === undefined) return own;
  const passes = via.split(',').filter((member) => receivedBy(member) === viaName).length;
  if (passes < maxPasses) return `${via}, ${own}`;
  throw new GatewayError('LOOP_DETECTED', {
    detail: `The request passed through this gateway ${passes + 1} times: an upstream sends it back.`,
  });
};

/** RFC 9110 §7.6.3: `[protocol/]version name [(comment)]`. */
const receivedBy = (member: string): string | undefined => member.trim().split(/\s+/, 2)[1];
