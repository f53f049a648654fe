import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  date,
  'date-time' as dateTime,
  duration,
  hostname,
  int32,
  int64,
  ipv6,
  regex,
  time,
  uri,
  'uri-reference' as uriReference,
} from './formats.ts';

describe('date', () => {
  it.each(['2024-02-29', '2000-02-29', '0000-02-29', '1999-12-31'])('is %s', (text) => {
    expect(date(text)).toBe(true);
  });
  it.each([
    '2023-02-29',
    '1900-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-04-31',
    '2024-1-1',
    '',
    '2024-01-01Z',
  ])('is not %j', (text) => {
    expect(date(text)).toBe(false);
  });
});

describe('time', () => {
  it.each([
    '00:00:00Z',
    '23:59:59.999z',
    '12:30:00+05:30',
    '23:59:60Z',
    '15:59:60-08:00',
    '00:29:60+00:30',
    '05:29:60+05:30',
  ])('is %s', (text) => {
    expect(time(text)).toBe(true);
  });
  it.each([
    '24:00:00Z',
    '00:60:00Z',
    '00:00:61Z',
    '12:00:60Z',
    '12:00:00',
    '12:00:00+24:00',
    '12:00:00.Z',
    '12:00Z',
  ])('is not %j', (text) => {
    expect(time(text)).toBe(false);
  });
});

describe('date-time', () => {
  it('is every instant that JavaScript writes', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (instant) => dateTime(instant.toISOString()),
      ),
    );
  });
  it.each([
    '2024-01-01',
    '2024-01-01 00:00:00Z',
    '2024-01-01T00:00:00Z ',
    '2024-01-01T00:00:00ZT',
    '2024-01-01T',
  ])('is not %j', (text) => {
    expect(dateTime(text)).toBe(false);
  });
});

describe('duration', () => {
  it.each(['P1Y2M3DT4H5M6S', 'P4W', 'PT0S', 'P1D', 'P1M', 'PT36H'])('is %s', (text) => {
    expect(duration(text)).toBe(true);
  });
  it.each(['P', 'PT', 'P1DT', 'P1', 'P1W1D', 'P1S', 'PT1D', '1D', 'P1H', 'P2D1Y'])(
    'is not %j',
    (text) => {
      expect(duration(text)).toBe(false);
    },
  );
});

describe('hostname', () => {
  const longest = `${'a'.repeat(61)}.`.repeat(4);
  it.each([
    'a',
    'a.example',
    'xn--bcher-kva.example.',
    '1and1.com',
    'x'.repeat(63),
    `${longest}abcde`,
  ])('is %s', (text) => {
    expect(hostname(text)).toBe(true);
  });
  it.each(['', '.', 'a..b', '-a', 'a-', 'a_b', 'a b', 'ü', 'x'.repeat(64), `${longest}abcdef`])(
    'is not %j',
    (text) => {
      expect(hostname(text)).toBe(false);
    },
  );
});

describe('ipv6', () => {
  it('is an address without a zone', () => {
    const texts = ['::1', '2001:db8::1', '::ffff:1.2.3.4', '1.2.3.4', 'fe80::1%eth0', ''];
    expect(texts.map(ipv6)).toEqual([true, true, true, false, false, false]);
  });
});

describe('uri and uri-reference', () => {
  // RFC 3986 §1.1.2 and §3, and differences from browsers.
  it.each([
    'ftp://ftp.is.co.za/rfc/rfc1808.txt',
    'http://www.ietf.org/rfc/rfc2396.txt',
    'ldap://[2001:db8::7]/c=GB?objectClass?one',
    'mailto:John.Doe@example.com',
    'news:comp.infosystems.www.servers.unix',
    'tel:+1-816-555-1212',
    'telnet://192.0.2.16:80/',
    'urn:oasis:names:specification:docbook:dtd:xml:4.1.2',
    'foo://user:pa%20ss@example.com:8042/over/there;v=1?name=ferret&a/b?#nose?/',
    'http://[::ffff:192.0.2.1]:80',
    'file:///etc/hosts',
    'http://example.com:',
    'a:',
  ])('are %s', (text) => {
    expect([uri(text), uriReference(text)]).toEqual([true, true]);
  });
  it.each(['', '/a', '../a', '//example.com/a', '?a=b', '#a', 'example.com', 'a%2Fb', './a:b'])(
    'a reference is %j, and not a URI',
    (text) => {
      expect([uri(text), uriReference(text)]).toEqual([false, true]);
    },
  );
  it.each([
    'a b',
    'http://exa mple.com/',
    'http://example.com/\n',
    'http://example.com/ü',
    'http://example.com/%',
    'http://example.com/%zz',
    'http://example.com/[a]',
    'http://[::1/',
    'http://[1.2.3.4]/',
    'http://[fe80::1%25eth0]/',
    'http://a:b:c/',
    'http://a:80x/',
    'http://a@b@c/',
    'http://example.com/a#b#c',
    'http://example.com\\a',
    '1http://example.com/',
    '"javascript:alert(1)"',
    'http://example.com/<a>',
  ])('are not %j', (text) => {
    expect([uri(text), uriReference(text)]).toEqual([false, false]);
  });
  it('are checked in linear time', () => {
    const startedAt = performance.now();
    for (const part of ['0/0', '0/@', '2.', '%2', ':', '/', '[', '0:']) {
      uri(`V:/5.${part.repeat(300_000)}\u0000`);
      uri(`v://${part.repeat(300_000)}\u0000`);
    }
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('regex', () => {
  it('is every text that JavaScript compiles', () => {
    expect([regex('^a+$'), regex('['), regex('(')]).toEqual([true, false, false]);
  });
});

describe('int32 and int64', () => {
  it('are integers within their range', () => {
    expect([2 ** 31 - 1, -(2 ** 31), 2 ** 31, 0.5].map(int32.validate)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([2 ** 53, -(2 ** 63), 2 ** 64, 0.5].map(int64.validate)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
