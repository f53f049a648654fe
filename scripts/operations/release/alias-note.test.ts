import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readNote, writeNote } from './live-alias.ts';

const version = fc.integer({ min: 1, max: 999_999 }).map(String);

describe('the note on the alias', () => {
  it('reads back what it wrote, within the 256 characters that Lambda keeps', () => {
    const until = fc.constant('2026-11-21T12:34:56Z');
    const release = fc.option(fc.record({ version, until }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(version, { maxLength: 10 }), release, (servedBefore, release) => {
        const text = writeNote({ servedBefore, release });
        expect(text.length).toBeLessThanOrEqual(256);
        expect(readNote(text)).toEqual({ servedBefore, release });
      }),
    );
  });

  it('forgets what served longest ago', () => {
    const many = Array.from({ length: 12 }, (_, index) => String(index + 1));
    expect(readNote(writeNote({ servedBefore: many, release: undefined })).servedBefore).toEqual(
      many.slice(0, 10),
    );
  });

  it.each(['', 'Serves requests', 'by hand; served before: yesterday', 'releasing now'])(
    'makes nothing of %j',
    (text) => {
      expect(readNote(text)).toEqual({ servedBefore: [], release: undefined });
    },
  );
});
