import { hash } from 'node:crypto';

/** Whether no two items are equal as JSON Schema has it: `1` and `1.0` are, `1` and `"1"` are not. In linear time. */
export const hasUniqueItems = (items: readonly unknown[]): boolean => {
  const scalars = new Set<unknown>();
  const composites: object[] = [];
  for (const item of items) {
    if (typeof item === 'object' && item !== null) composites.push(item);
    else if (scalars.has(item)) return false;
    else scalars.add(item);
  }
  return composites.length < 2 || new Set(composites.map(digestOf)).size === composites.length;
};

/** Lists within lists may all have to be unique: each is read once. */
const digests = new WeakMap<object, string>();

const digestOf = (value: object): string => {
  const known = digests.get(value);
  if (known !== undefined) return known;
  const text = Array.isArray(value)
    ? `[${value.map(textOf).join()}]`
    : `{${Object.entries(value)
        .map(([key, member]) => `${JSON.stringify(key)}:${textOf(member)}`)
        .sort()
        .join()}}`;
  const digest = text.length > longestText ? hash('sha256', text) : text;
  digests.set(value, digest);
  return digest;
};

/** Not all by `JSON.stringify`: what is too large for a number is read as Infinity, which it would write as null. */
const textOf = (value: unknown): string => {
  if (typeof value === 'object' && value !== null) return digestOf(value);
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
};

/** Above it a hash stands for the text; it begins with no bracket, and so equals no text. */
const longestText = 64;
