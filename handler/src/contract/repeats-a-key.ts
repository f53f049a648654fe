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
  const open: object[] = [];
  const add = (child: unknown): void => {
    if (typeof child === 'object' && child !== null) open.push(child);
  };
  add(value);
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    if (Array.isArray(current)) current.forEach(add);
    else {
      for (const key in current) {
        members += 1;
        add((current as Readonly<Record<string, unknown>>)[key]);
      }
    }
  }
  return members;
};
