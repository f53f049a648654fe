import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
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
  if (!isIPv6(ip)) return ip;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip);
  return mapped?.[1] ?? `${groupsOf(ip).slice(0, 4).join(':')}::/64`;
};

/** The eight groups of an address, without leading zeros (RFC 5952). */
const groupsOf = (ip: string): readonly string[] => {
  const [address = ''] = ip.split('%', 1);
  const ofIpv4 = address.includes('.') ? address.lastIndexOf(':') + 1 : address.length;
  const inGroups = address.slice(0, ofIpv4) + (address.includes('.') ? '0:0' : '');
  const [before = '', after = ''] = inGroups.split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === '' ? [] : after.split(':');
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  return [...head, ...zeros, ...tail].map((group) => parseInt(group, 16).toString(16));
};
