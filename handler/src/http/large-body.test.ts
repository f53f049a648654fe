import { describe, expect, it } from '@jest/globals';
import { allocateLargeBody, releaseLargeBody } from './large-body.ts';

describe('a large body', () => {
  it('is empty once its memory is given back, in every view of it', () => {
    const body = allocateLargeBody(1_000).fill('x');
    const part = body.subarray(10, 20);
    releaseLargeBody(body);
    releaseLargeBody(body);
    expect([body.length, part.length]).toEqual([0, 0]);
  });

  it('is released by a part of it, too', () => {
    const body = allocateLargeBody(1_000);
    releaseLargeBody(body.subarray(0, 999));
    expect(body).toHaveLength(0);
  });

  it.each([
    ['from the pool that all small ones share', Buffer.from('small')],
    ['of another’s making', Buffer.allocUnsafeSlow(5).fill('y')],
  ])('that is none of ours keeps its bytes: one %s', (_, body) => {
    const before = body.toString();
    releaseLargeBody(body);
    expect(body.toString()).toBe(before);
  });
});
