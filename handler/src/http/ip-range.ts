import { isIP, isIPv4 } from 'node:net';

/** Addresses with a prefix in common: `10.0.0.0/8`, `2001:db8::/32`, or one address with all its bits. */
export interface IpRange {
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  readonly prefix: number;
}

/** An address or a CIDR range, or what is wrong with it. */
export const readIpRange = (text: string): IpRange | { readonly problem: string } => {
  const [address = '', length, ...more] = text.split('/');
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  const bits = address.includes('%') || more.length > 0 ? undefined : bitsOf(address);
  if (bits === undefined)
    return { problem: 'is no address or CIDR range, such as 203.0.113.7 or 10.0.0.0/8' };
  const prefix = length === undefined ? bits.length : Number(length);
  if (length !== undefined && (!/^(0|[1-9]\d{0,2})$/.test(length) || prefix > bits.length))
    return { problem: `has a prefix length that is not from 0 to ${bits.length}` };
  if (family === 'ipv6' && bits.startsWith(mappedPrefix) && prefix >= mappedPrefix.length) {
    const ipv4 = addressOf(bits.slice(mappedPrefix.length));
    const rest = length === undefined ? '' : `/${prefix - mappedPrefix.length}`;
    return { problem: `is an IPv4 address: write ${ipv4}${rest}` };
  }
  if (bits.slice(prefix).includes('1')) {
    const network = addressOf(bits.slice(0, prefix).padEnd(bits.length, '0'));
    return { problem: `has bits after its prefix: write ${network}/${prefix}, or ${address}` };
  }
  return { family, address, prefix };
};

/** Of an address, as text of zeros and ones. Undefined: it is no address. */
const bitsOf = (address: string): string | undefined => {
  if (isIP(address) === 0) return undefined;
  if (isIPv4(address)) return binary(address.split('.').map(Number), 8);
  // URLs spell an address in one way: without leading zeros, and IPv4's part as groups like any other.
  const { hostname } = new URL(`http://[${address}]`);
  const [before = [], after] = hostname
    .slice(1, -1)
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - before.length - (after?.length ?? 0) }, () => '0');
  const groups = [...before, ...zeros, ...(after ?? [])];
  return binary(
    groups.map((group) => Number.parseInt(group, 16)),
    16,
  );
};

const binary = (numbers: readonly number[], width: number): string =>
  numbers.map((number) => number.toString(2).padStart(width, '0')).join('');

/** RFC 4291 §2.5.5.2: `::ffff:0:0/96`. */
const mappedPrefix = '0'.repeat(80) + '1'.repeat(16);

const addressOf = (bits: string): string => {
  const numbers = (width: number): readonly number[] =>
    (bits.match(new RegExp(`.{${width}}`, 'g')) ?? []).map((part) => Number.parseInt(part, 2));
  if (bits.length === 32) return numbers(8).join('.');
  const groups = numbers(16).map((number) => number.toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
};
