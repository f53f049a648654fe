import fc from 'fast-check';

/** Any character, every second one ASCII. Replaces fast-check's unit `binary`, which takes a second to build. */
export const anyCharacter: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 0x7f }) },
    { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0xd7ff }) },
    { weight: 1, arbitrary: fc.integer({ min: 0xe000, max: 0x10ffff }) },
  )
  .map((codePoint) => String.fromCodePoint(codePoint));
