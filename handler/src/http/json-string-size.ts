/** A control character of one byte takes six bytes in JSON: `\u0001`. */
export const worstJsonGrowth = 6;

/**
 * Whether UTF-8 text takes at most `roomBytes` as a JSON string, without its quotation marks. Counts the escapes, and
 * stops as soon as the rest cannot change the result: for 1 MB with room for 6 MB, after some kilobytes.
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

/** Bytes counted between two checks of the remaining room. A check at each byte took 1.5 times as long. */
const blockBytes = 16 * 1024;

/** What each byte of UTF-8 takes in a JSON string: characters from U+0080 on are written unchanged. */
const escapedBytes = Uint8Array.from(
  { length: 256 },
  (_, byte) => JSON.stringify(String.fromCharCode(byte)).length - 2,
);
