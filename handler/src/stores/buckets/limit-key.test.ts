import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { member } from '../../../testing/rate-limit-rules.ts';
import type { RateLimitRule } from '../../contract.ts';
import { callerKey, limitKey } from './limit-key.ts';

const caller = { clientIp: '203.0.113.7', userId: 'alice', routeId: 'GET /api/v1/users/{user_id}' };
type Per = RateLimitRule['per'];
const ruleOf = (per: Per): RateLimitRule => ({ ...member, name: 'rule', per });
const key = (per: Per | Per[number], changes: Partial<typeof caller> = {}): string =>
  limitKey(ruleOf([per].flat()), { ...caller, ...changes });

describe('the key of a caller', () => {
  it('is the user, or the address if no user is known', () => {
    const { clientIp, userId } = caller;
    expect(callerKey({ clientIp, userId })).toBe('user#alice');
    expect(callerKey({ clientIp, userId: undefined })).toBe('ip#203.0.113.7');
  });
});

describe('the key of a limit', () => {
  it('contains the rule and what it counts by', () => {
    expect(key('ip')).toBe('rule#ip#203.0.113.7');
    expect(key('caller')).toBe('rule#caller#alice');
    expect(key('route')).toBe('rule#route#GET /api/v1/users/{user_id}');
  });

  it('counts addresses if a rule per caller has no signed-in user', () => {
    const { clientIp, routeId } = caller;
    const anyone = { clientIp, routeId, userId: undefined };
    expect(limitKey(ruleOf(['caller']), anyone)).toBe('rule#ip#203.0.113.7');
  });

  it('contains everything that requests of one bucket have in common', () => {
    expect(key(['caller', 'route'])).toBe('rule#caller#alice#route#GET /api/v1/users/{user_id}');
    expect(key(['ip', 'caller'])).toBe('rule#ip#203.0.113.7#caller#alice');
  });

  it('is different for any two callers of any two routes', () => {
    const route = fc.string().map((text) => text.replaceAll('#', ''));
    fc.assert(
      fc.property(fc.string(), route, fc.string(), route, (one, here, other, there) => {
        const isSame = one === other && here === there;
        const keys = [
          key(['caller', 'route'], { userId: one, routeId: here }),
          key(['caller', 'route'], { userId: other, routeId: there }),
        ];
        expect(keys[0] === keys[1]).toBe(isSame);
      }),
    );
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.33', '192.0.2.33'],
    ['64:ff9b::c000:221', '192.0.2.33'],
    ['64:ff9b:1::192.0.2.33', '64:ff9b:1:0::/64'],
    ['64:ff9b::1:192.0.2.33', '64:ff9b:0:0::/64'],
    ['::ffff:c000:221', '192.0.2.33'],
    ['::ffff:c000:0221', '192.0.2.33'],
    ['0:0:0:0:0:FFFF:c000:221', '192.0.2.33'],
    ['0000:0000:0000:0000:0000:ffff:192.0.2.33', '192.0.2.33'],
    ['::ffff:102:304', '1.2.3.4'],
    ['::ffff:0:0', '0.0.0.0'],
    ['::ffff:102:304%eth0', '1.2.3.4'],
    ['2002:c000:221::1', '192.0.2.33'],
    ['2002:c000:221:ffff:1:2:3:4', '192.0.2.33'],
    ['::192.0.2.33', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['2001:db8:1:2:3:4:5::', '2001:db8:1:2::/64'],
    ['2001::4:5:6:7:8', '2001:0:0:4::/64'],
    ['::4:5:6:7:8', '0:0:0:4::/64'],
    ['::1:2:3:4:192.0.2.33', '0:0:1:2::/64'],
    ['1:2:3:4:5:6:192.0.2.33', '1:2:3:4::/64'],
    ['::ffff:1:192.0.2.33', '0:0:0:0::/64'],
    ['2001:db8:1:2::ffff:192.0.2.33', '2001:db8:1:2::/64'],
    ['20::ffff:3.0.113.7', '20:0:0:0::/64'],
    ['203.0.113.7', '203.0.113.7'],
    ['no address', 'no address'],
    ['::ffff:192.0.2.33', '192.0.2.33'],
  ])('counts %s as %s', (clientIp, network) => {
    expect(key('ip', { clientIp })).toBe(`rule#ip#${network}`);
  });

  it('never counts an IPv4 address as the loopback address, in any notation', () => {
    const byte = fc.nat(255);
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), (bytes) => {
        const ipv4 = bytes.join('.');
        const hex = Buffer.from(bytes).toString('hex');
        const groups = `${hex.slice(0, 4)}:${hex.slice(4)}`;
        for (const clientIp of [`::ffff:${ipv4}`, `::ffff:${groups}`, `64:ff9b::${groups}`]) {
          expect(key('ip', { clientIp })).toBe(`rule#ip#${ipv4}`);
        }
        expect(key('ip', { clientIp: ipv4 })).not.toBe(key('ip', { clientIp: '::1' }));
      }),
    );
  });

  it('counts an IPv6 address by its first half, in any notation', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    const address = fc.array(group, { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(address, fc.nat(7), fc.integer({ min: 1, max: 8 }), (groups, from, count) => {
        const to = Math.min(8, from + count);
        const zeroed = groups.map((each, index) => (index >= from && index < to ? 0 : each));
        fc.pre(zeroed[0] !== 0x2002 && zeroed[0] !== 0x64 && zeroed[5] !== 0xffff);
        const spelled = zeroed.map((each) => each.toString(16).padStart(4, '0').toUpperCase());
        const half = zeroed.slice(0, 4).map((each) => each.toString(16));
        const short = `${spelled.slice(0, from).join(':')}::${spelled.slice(to).join(':')}`;
        for (const clientIp of [spelled.join(':'), short]) {
          expect(key('ip', { clientIp })).toBe(`rule#ip#${half.join(':')}::/64`);
        }
      }),
    );
  });

  it('stays short, and is different for different long ids', () => {
    const long = 'x'.repeat(5_000);
    expect(key('caller', { userId: long })).toHaveLength('rule#caller#sha256-'.length + 43);
    expect(key('caller', { userId: long })).not.toBe(key('caller', { userId: `${long}y` }));
    expect(key('caller', { userId: 'x'.repeat(128) })).toBe(`rule#caller#${'x'.repeat(128)}`);
  });

  it('is different for any two users, and never equals an address', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(key('caller', { userId: one }) === key('caller', { userId: other })).toBe(
          one === other,
        );
        expect(key('caller', { userId: one })).not.toBe(key('ip', { clientIp: other }));
      }),
    );
  });
});
