/** The length by JSON Schema: Unicode code points, not UTF-16 code units. */
export const codePointLength = (text: string): number => {
  let length = 0;
  for (let index = 0; index < text.length; length += 1) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return length;
};
