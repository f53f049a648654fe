import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createIpFilter } from './ip-filter.ts';

const allows = (
  address: string,
  rules: Parameters<typeof createIpFilter>[0] = {},
): string | undefined => createIpFilter(rules)(address);

const denied = 'ipRules deny the address';
const notAllowed = 'ipRules do not allow the address';

describe('rules for addresses', () => {
  it.each<[address: string, rules: Parameters<typeof createIpFilter>[0], why: string | undefined]>([
    ['10.1.2.3', { allow: ['10.0.0.0/8'] }, undefined],
    ['11.1.2.3', { allow: ['10.0.0.0/8'] }, notAllowed],
    ['10.1.2.3', { deny: ['10.1.2.3'] }, denied],
    ['10.1.2.4', { deny: ['10.1.2.3'] }, undefined],
    ['10.1.2.3', { allow: ['10.0.0.0/8'], deny: ['10.1.0.0/16'] }, denied],
    ['10.2.2.3', { allow: ['10.0.0.0/8'], deny: ['10.1.0.0/16'] }, undefined],
    ['10.1.2.3', { allow: [] }, notAllowed],
    ['10.1.2.3', { deny: [] }, undefined],
    ['2001:db8::1', { allow: ['2001:db8::/32'] }, undefined],
    ['2001:DB8:0:0::1', { allow: ['2001:db8::1'] }, undefined],
    ['2001:db9::1', { allow: ['2001:db8::/32'] }, notAllowed],
    // An IPv4 address in IPv6 is IPv4, however it is written.
    ['::ffff:10.1.2.3', { deny: ['10.0.0.0/8'] }, denied],
    ['::ffff:a01:203', { allow: ['10.0.0.0/8'] }, undefined],
    ['::FFFF:a01:203', { deny: ['::/0'] }, undefined],
    // Families are apart.
    ['10.1.2.3', { deny: ['::/0'] }, undefined],
    ['2001:db8::1', { deny: ['0.0.0.0/0'] }, undefined],
    ['10.1.2.3', { allow: ['::/0'] }, notAllowed],
    ['fe80::1%eth0', { allow: ['fe80::/10'] }, undefined],
    ['', {}, 'the client has no valid address'],
    ['unknown', { deny: ['10.0.0.0/8'] }, 'the client has no valid address'],
  ])('say of %s with %j: %s', (address, rules, why) => {
    expect(allows(address, rules)).toBe(why);
  });

  it('say the same of an address again', () => {
    const filter = createIpFilter({ deny: ['10.0.0.0/8'] });
    expect([filter('10.0.0.1'), filter('10.0.0.1')]).toEqual([denied, denied]);
    expect([filter('11.0.0.1'), filter('11.0.0.1')]).toEqual([undefined, undefined]);
  });

  it('agree with arithmetic for every range and address of IPv4', () => {
    const text = (bits: number): string =>
      [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: 0, max: 32 }),
        fc.integer({ min: 0, max: 32 }),
        (bits, prefix, flipped) => {
          const mask = prefix === 0 ? 0 : (-1 << (32 - prefix)) >>> 0;
          const address = flipped === 32 ? bits : (bits ^ (1 << flipped)) >>> 0;
          const isIn = (address & mask) >>> 0 === (bits & mask) >>> 0;
          const range = `${text((bits & mask) >>> 0)}/${prefix}`;
          expect(allows(text(address), { allow: [range] })).toBe(isIn ? undefined : notAllowed);
        },
      ),
      { numRuns: 300 },
    );
  });
});
