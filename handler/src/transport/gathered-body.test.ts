import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gatherBody } from './gathered-body.ts';

describe('a body in chunks', () => {
  const chunked = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 8 });

  it.each([
    ['whose length is declared', (bytes: number) => bytes],
    ['whose length is not', () => undefined],
    ['that is shorter than declared', (bytes: number) => bytes + 7],
  ])('%s is what arrived, byte for byte', (_, declare) => {
    fc.assert(
      fc.property(chunked, (parts) => {
        const chunks = parts.map((part) => Buffer.from(part));
        const all = Buffer.concat(chunks);
        const body = gatherBody(() => declare(all.length));
        let bytes = 0;
        for (const chunk of chunks) {
          bytes += chunk.length;
          expect(body.add(chunk)).toBe(bytes);
        }
        expect(body.whole().equals(all)).toBe(true);
      }),
    );
  });

  it('of one chunk is that chunk, without a copy or a call for its length', () => {
    const only = Buffer.from('all of it');
    const body = gatherBody(() => {
      throw new Error('unexpected call');
    });
    body.add(only);
    expect(body.whole()).toBe(only);
  });
});
