/**
 * Whether an object in a JSON text gives a key twice (RFC 8259 §4: "unpredictable"). The last one is judged here, and a
 * service may well take the first. In a valid text a colon outside strings is one member; what was read has fewer
 * members where a key came again.
 *
 * @param text the JSON text that `value` was read from.
 */
export const repeatsAKey = (text: Buffer, value: unknown): boolean =>
  membersWritten(text) > membersRead(value);

const [quote, backslash, colon] = Buffer.from('"\\:');

const membersWritten = (text: Buffer): number => {
  let members = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const byte = text[index];
    if (byte === quote) isInString = !isInString;
    else if (isInString) index += byte === backslash ? 1 : 0;
    else if (byte === colon) members += 1;
  }
  return members;
};

/** Without recursion: the client chooses how deep a text is nested. */
const membersRead = (value: unknown): number => {
  let members = 0;
  const open = [value];
  while (open.length > 0) {
    const current = open.pop();
    if (typeof current !== 'object' || current === null) continue;
    const children: readonly unknown[] = Object.values(current);
    if (!Array.isArray(current)) members += children.length;
    for (const child of children) if (typeof child === 'object') open.push(child);
  }
  return members;
};
