import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import type { RateLimitRule } from '../contract/contract.ts';

interface Caller {
  readonly clientIp: string;
  /** Undefined on a route without sign-in, where a rule per user counts addresses. */
  readonly userId: string | undefined;
  readonly routeId: string;
}

/** What a rule counts, as the table's key: the rule's name and who or what it is counted for. */
export const limitKey = (
  { name, per }: RateLimitRule,
  { clientIp, userId, routeId }: Caller,
): string => {
  if (per === 'route') return `${name}#route#${bounded(routeId)}`;
  return per === 'user' && userId !== undefined
    ? `${name}#user#${bounded(userId)}`
    : `${name}#ip#${bounded(network(clientIp))}`;
};

/** Keys stay short: they are written with every request, and DynamoDB refuses those over 2,048 bytes. */
const maxChars = 128;

const bounded = (id: string): string =>
  id.length <= maxChars ? id : `sha256-${createHash('sha256').update(id).digest('base64url')}`;

/** A subscriber has a whole /64 of IPv6 at least (RFC 6177), and could use each address of it once. */
const network = (ip: string): string => {
  const unmapped = ip.replace(/^::ffff:/i, '');
  if (isIPv4(unmapped)) return unmapped;
  return isIPv6(ip) ? `${groupsOf(ip).slice(0, 4).join(':')}::/64` : ip;
};

/** The eight groups of an address, as URLs spell it: without leading zeros, and IPv4's part as groups like any other. */
const groupsOf = (ip: string): readonly string[] => {
  const { hostname } = new URL(`http://[${ip.replace(/%.*/, '')}]`);
  const address = hostname.slice(1, -1);
  const zeros = ':0'.repeat(8 - groupsIn(address).length);
  return groupsIn(address.replace('::', `${zeros}:`));
};

const groupsIn = (address: string): readonly string[] =>
  address.split(':').filter((group) => group !== '');
