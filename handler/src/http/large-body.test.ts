import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  allocateLargeBody,
  decodeLargeBody,
  releaseChunk,
  releaseLargeBody,
} from './large-body.ts';

describe('a large body', () => {
  it('is empty after its memory is released, in every view of it', () => {
    const body = allocateLargeBody(1_000).fill('x');
    const part = body.subarray(10, 20);
    releaseLargeBody(body);
    releaseLargeBody(body);
    expect([body.length, part.length]).toEqual([0, 0]);
  });

  it('is released by any part of it', () => {
    const body = allocateLargeBody(1_000);
    releaseLargeBody(body.subarray(0, 999));
    expect(body).toHaveLength(0);
  });

  it('has memory that the next one reuses, invisible to earlier holders', () => {
    const first = allocateLargeBody(1_000_000).fill('x');
    releaseLargeBody(first);
    const second = allocateLargeBody(999_999);
    expect(second.subarray(0, 3).toString()).toBe('xxx');
    expect(second).toHaveLength(999_999);
    expect(first).toHaveLength(0);
  });

  it('does not share its memory with another one in use', () => {
    releaseLargeBody(allocateLargeBody(2_000_000));
    const one = allocateLargeBody(2_000_000).fill('a');
    const other = allocateLargeBody(2_000_000).fill('b');
    expect(one.every((byte) => byte === 97)).toBe(true);
    expect(other.every((byte) => byte === 98)).toBe(true);
  });

  it.each([
    ['from the pool that all small ones share', Buffer.from('small')],
    ['of another’s making', Buffer.allocUnsafeSlow(5).fill('y')],
  ])('that was allocated elsewhere keeps its bytes: one %s', (_, body) => {
    const before = body.toString();
    releaseLargeBody(body);
    expect(body.toString()).toBe(before);
  });
});

describe('a large body read from text', () => {
  it.each(['base64', 'utf8'] as const)('of %s has the bytes that Buffer.from reads', (encoding) => {
    const odd = ['=', '-_', ' \n', 'é', '\u{1f600}', '\ud800', '\0'];
    const anyText = fc
      .array(fc.oneof(fc.base64String({ maxLength: 40 }), fc.constantFrom(...odd)))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(anyText, (text) => {
        releaseLargeBody(allocateLargeBody(1_000).fill('?'));
        const body = decodeLargeBody(text, encoding);
        expect(body.equals(Buffer.from(text, encoding))).toBe(true);
        releaseLargeBody(body);
        expect(body).toHaveLength(0);
      }),
    );
  });
});

describe('a chunk that was copied', () => {
  it('is emptied', () => {
    const chunk = Buffer.allocUnsafeSlow(65_536);
    releaseChunk(chunk);
    expect(chunk).toHaveLength(0);
  });

  it.each([
    ['the pool', Buffer.from('small')],
    ['something larger', Buffer.allocUnsafeSlow(10).fill('y').subarray(2, 8)],
  ])('keeps its bytes if it is a part of %s', (_, chunk) => {
    const before = chunk.toString();
    releaseChunk(chunk);
    expect(chunk.toString()).toBe(before);
  });
});
