/** A control character of one byte is six in JSON: `\u0001`. */
export const worstJsonGrowth = 6;

/**
 * Whether UTF-8 text takes at most `roomBytes` as a JSON string, without its quotation marks. Counts the escapes, and
 * stops once the rest cannot change the verdict: 1 MB in 6 MB of room is decided after some kilobytes.
 */
export const fitsInJsonString = (text: Buffer, roomBytes: number): boolean => {
  let room = roomBytes;
  for (let start = 0; start < text.length; start += blockBytes) {
    if (room >= (text.length - start) * worstJsonGrowth) return true;
    const end = Math.min(start + blockBytes, text.length);
    for (let index = start; index < end; index += 1) room -= escapedBytes[text[index] ?? 0] ?? 1;
  }
  return room >= 0;
};

/** What is counted between two looks at the room that is left: a look at each byte took half as long again. */
const blockBytes = 16 * 1024;

/** What each byte of UTF-8 takes in a JSON string: those of a longer character are left as they are, like U+0080 and on. */
const escapedBytes = Uint8Array.from(
  { length: 256 },
  (_, byte) => JSON.stringify(String.fromCharCode(byte)).length - 2,
);
