import { describe, expect, it } from '@jest/globals';
import { viaNameOf, withVia } from './via.ts';

const name = viaNameOf(['prod', 'sessions', 'arn:a']);
const own = `1.1 ${name}`;

describe('Via', () => {
  it('has the same name for one gateway, and different names for others', () => {
    expect(name).toMatch(/^postern-[\da-f]{8}$/);
    expect(viaNameOf(['prod', 'sessions', 'arn:a'])).toBe(name);
    expect(viaNameOf(['prod', 'sessions', 'arn:b'])).not.toBe(name);
    expect(viaNameOf(['prod', 'sessionsarn:', 'a'])).not.toBe(name);
  });

  it.each([
    ['nothing', undefined, own],
    ['a CDN', '2.0 abc.cloudfront.net (CloudFront)', `2.0 abc.cloudfront.net (CloudFront), ${own}`],
    [
      'other gateways',
      Array.from({ length: 20 }, (_, i) => `1.1 ${viaNameOf([`${i}`])}`).join(', '),
      undefined,
    ],
    ['a gateway whose name begins alike', `1.1 ${name}0, 1.1 ${name}1, 1.1 ${name}2`, undefined],
    ['itself, once', own, `${own}, ${own}`],
    ['a comment with its name', `1.1 x (${name}), 1.1 x (${name})`, undefined],
  ])('is extended by the gateway after %s', (_, via, expected) => {
    expect(withVia(via, name)).toBe(expected ?? `${via}, ${own}`);
  });

  it.each([
    `${own}, ${own}`,
    `${own},${own}`,
    `${own}, 1.1 nginx, HTTP/1.1 ${name}`,
    `1.1 cdn ,\t2   ${name} (a comment), ${own}`,
    `${own}, ${own}, ${own}`,
  ])('refuses a request that came through the gateway twice: %s', (via) => {
    expect(() => withVia(via, name)).toThrow(
      expect.objectContaining({ code: 'LOOP_DETECTED', status: 508 }),
    );
  });
});
