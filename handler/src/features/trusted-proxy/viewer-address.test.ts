import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { viewerAddress } from './viewer-address.ts';

describe('CloudFront-Viewer-Address', () => {
  it.each([
    ['198.51.100.10:46532', '198.51.100.10'],
    ['2001:db8::1:443', '2001:db8::1'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348:46532', '2001:db8:85a3:8d3:1319:8a2e:370:7348'],
    ['::1:8', '::1'],
    ['2001:db8:::443', '2001:db8::'],
    ['::ffff:192.0.2.1:443', '::ffff:192.0.2.1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
  ])('%s is the address %s', (header, address) => {
    expect(viewerAddress(header)).toBe(address);
  });

  it.each([
    undefined,
    '',
    ':',
    '443',
    '198.51.100.10',
    '198.51.100.10:',
    '198.51.100.10:http',
    '198.51.100.10:123456',
    '198.51.100.10:443,203.0.113.1:443',
    ' 198.51.100.10:443',
    '198.51.100.010:443',
    'example.com:443',
    '2001:db8::::443',
    '1:2:3:4:5:6:7:8:9:443',
    '[2001:db8::1:443',
  ])('%j is no address', (header) => {
    expect(viewerAddress(header)).toBeUndefined();
  });

  it('gives back every address that CloudFront may write', () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), port, (address, number) => {
        expect(viewerAddress(`${address}:${number}`)).toBe(address);
      }),
    );
  });
});
