import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import type { RateLimitRule } from '../../contract.ts';

interface Caller {
  readonly clientIp: string;
  /** Undefined on a route without sign-in, where a rule per caller counts addresses. */
  readonly userId: string | undefined;
  readonly routeId: string;
}

/**
 * The key of a rule's bucket in the table: the name of the rule, the caller and the route it counts by. Addresses and
 * routes have no `#`, and the compiler writes `per` in one order with the route last, so that no two callers share a
 * key.
 */
export const limitKey = ({ name, per }: RateLimitRule, caller: Caller): string =>
  per.reduce((key, dimension) => `${key}#${counted[dimension](caller)}`, name);

const counted: Record<RateLimitRule['per'][number], (caller: Caller) => string> = {
  ip: ({ clientIp }) => `ip#${bounded(network(clientIp))}`,
  caller: (caller) =>
    caller.userId === undefined ? counted.ip(caller) : `caller#${bounded(caller.userId)}`,
  route: ({ routeId }) => `route#${bounded(routeId)}`,
};

/** The same callers without a rule: the user, or the address if no user is known. */
export const callerKey = ({ clientIp, userId }: Omit<Caller, 'routeId'>): string =>
  userId === undefined ? `ip#${network(clientIp)}` : `user#${userId}`;

/** Keys stay short: they are written with every request, and DynamoDB refuses those over 2,048 bytes. */
const maxChars = 128;

export const bounded = (id: string): string =>
  id.length <= maxChars ? id : `sha256-${createHash('sha256').update(id).digest('base64url')}`;

/** A subscriber has at least a /64 of IPv6 (RFC 6177) and could use each of its addresses once. */
const network = (ip: string): string => {
  if (isIPv4(ip) || !isIPv6(ip)) return ip;
  const groups = groupsOf(ip);
  return embeddedIPv4(groups) ?? `${groups.slice(0, 4).join(':')}::/64`;
};

/**
 * The IPv4 address in an IPv6 address: mapped (RFC 4291 §2.5.5.2), behind NAT64 (RFC 6052 §2.1), or of a 6to4 site,
 * which has a whole /48 for one IPv4 address (RFC 3056 §2).
 */
const embeddedIPv4 = (groups: readonly string[]): string | undefined => {
  const prefix = groups.slice(0, 6).join(':');
  if (prefix === '0:0:0:0:0:ffff' || prefix === '64:ff9b:0:0:0:0') return dotted(groups.slice(6));
  return groups[0] === '2002' ? dotted(groups.slice(1, 3)) : undefined;
};

/** Two groups of 16 bits as four decimal numbers. */
const dotted = (groups: readonly string[]): string =>
  groups
    .map((group) => Number.parseInt(group, 16))
    .flatMap((bits) => [bits >> 8, bits & 0xff])
    .join('.');

/** The eight groups of an address, as URLs spell it: without leading zeros, and IPv4's part as groups like any other. */
const groupsOf = (ip: string): readonly string[] => {
  const { hostname } = new URL(`http://[${ip.replace(/%.*/, '')}]`);
  const address = hostname.slice(1, -1);
  const zeros = ':0'.repeat(8 - groupsIn(address).length);
  return groupsIn(address.replace('::', `${zeros}:`));
};

const groupsIn = (address: string): readonly string[] =>
  address.split(':').filter((group) => group !== '');
