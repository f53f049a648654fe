import { BlockList, isIP } from 'node:net';
import { createRecent } from '../memory/recent.ts';
import { GatewayError } from './gateway-error.ts';
import { readIpRange } from './ip-range.ts';

/** Who may call, by address: each entry is an address or a CIDR range. */
export interface IpRules {
  /** Absent: every address that `deny` does not have. An empty list: none. */
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
}

/** For the log: why an address is refused. Undefined: it is not. */
export type IpFilter = (address: string) => string | undefined;

/** The note is what a filter says of the address. */
export const addressDenied = (note: string): GatewayError =>
  new GatewayError('IP_DENIED', { detail: 'Call from an allowed address.', note });

/** About 1 MB for each list of rules. */
const maxAddresses = 4_000;

/**
 * Compares an address with all rules; the result is remembered, because a list is read from its beginning: 3 µs for up
 * to a hundred entries, 140 µs for ten thousand. An IPv4 address in IPv6 (RFC 4291 §2.5.5.2) is that IPv4 address. What
 * is no address is refused.
 */
export const createIpFilter = ({ allow, deny = [] }: IpRules): IpFilter => {
  const known = createRecent<string>(maxAddresses);
  const allows = allow && createRanges(allow);
  const denies = createRanges(deny);
  const judge = (address: string): string => {
    if (isIP(address) === 0) return 'the client has no valid address';
    if (denies(address)) return 'ipRules deny the address';
    return allows === undefined || allows(address) ? '' : 'ipRules do not allow the address';
  };
  return (address) => known.get(address, () => judge(address)) || undefined;
};

/** One list for each family: in Node's own, `::/0` has every IPv4 address, too. */
const createRanges = (texts: readonly string[]): ((address: string) => boolean) => {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const text of texts) {
    const range = readIpRange(text);
    if ('problem' in range) throw new TypeError(`"${text}" ${range.problem}`);
    lists[range.family].addSubnet(range.address, range.prefix, range.family);
  }
  return (address) => {
    const plain = address.replace(/%.*/, '');
    const family = isIP(plain) === 4 ? 'ipv4' : 'ipv6';
    if (family === 'ipv4') return lists.ipv4.check(plain, family);
    // The list of IPv4 recognizes such an address itself.
    const isMapped = mapped.check(plain, family);
    return lists[isMapped ? 'ipv4' : 'ipv6'].check(plain, family);
  };
};

const mapped = new BlockList();
mapped.addSubnet('::ffff:0:0', 96, 'ipv6');
