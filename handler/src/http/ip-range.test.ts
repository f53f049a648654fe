import { describe, expect, it } from '@jest/globals';
import { readIpRange } from './ip-range.ts';

describe('an address or range', () => {
  it.each<[text: string, family: string, address: string, prefix: number]>([
    ['203.0.113.7', 'ipv4', '203.0.113.7', 32],
    ['10.0.0.0/8', 'ipv4', '10.0.0.0', 8],
    ['0.0.0.0/0', 'ipv4', '0.0.0.0', 0],
    ['203.0.113.7/32', 'ipv4', '203.0.113.7', 32],
    ['10.128.0.0/9', 'ipv4', '10.128.0.0', 9],
    ['2001:db8::1', 'ipv6', '2001:db8::1', 128],
    ['2001:DB8:0:0::/32', 'ipv6', '2001:DB8:0:0::', 32],
    ['::/0', 'ipv6', '::', 0],
    ['::1', 'ipv6', '::1', 128],
    ['64:ff9b::203.0.113.7', 'ipv6', '64:ff9b::203.0.113.7', 128],
  ])('is read from %s', (text, family, address, prefix) => {
    expect(readIpRange(text)).toEqual({ family, address, prefix });
  });

  const isNone = 'is no address or CIDR range, such as 203.0.113.7 or 10.0.0.0/8';
  it.each<[text: string, problem: string]>([
    ['', isNone],
    ['office', isNone],
    ['10.0.0', isNone],
    ['10.0.0.256', isNone],
    ['010.0.0.1', isNone],
    ['10.0.0.0/8/8', isNone],
    [' 10.0.0.1', isNone],
    ['10.0.0.1:443', isNone],
    ['[::1]', isNone],
    ['fe80::1%eth0', isNone],
    ['10.0.0.0/33', 'has a prefix length that is not from 0 to 32'],
    ['10.0.0.0/', 'has a prefix length that is not from 0 to 32'],
    ['10.0.0.0/08', 'has a prefix length that is not from 0 to 32'],
    ['10.0.0.0/-1', 'has a prefix length that is not from 0 to 32'],
    ['10.0.0.0/255.0.0.0', 'has a prefix length that is not from 0 to 32'],
    ['::/129', 'has a prefix length that is not from 0 to 128'],
    ['10.0.0.1/8', 'has bits after its prefix: write 10.0.0.0/8, or 10.0.0.1'],
    ['10.64.0.0/9', 'has bits after its prefix: write 10.0.0.0/9, or 10.64.0.0'],
    ['2001:db8::1/32', 'has bits after its prefix: write 2001:db8::/32, or 2001:db8::1'],
    ['::1/0', 'has bits after its prefix: write ::/0, or ::1'],
    ['::ffff:203.0.113.7', 'is an IPv4 address: write 203.0.113.7'],
    ['::ffff:cb00:7107', 'is an IPv4 address: write 203.0.113.7'],
    ['::ffff:10.0.0.0/104', 'is an IPv4 address: write 10.0.0.0/8'],
  ])('is not read from "%s"', (text, problem) => {
    expect(readIpRange(text)).toEqual({ problem });
  });
});
