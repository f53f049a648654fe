import { hash } from 'node:crypto';

/** Whether no two items are equal by JSON Schema: `1` and `1.0` are equal, `1` and `"1"` are not. In linear time. */
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

/** Nested lists may all require unique items: each is read once. */
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

/** Not by `JSON.stringify` alone: a number that is too large is read as Infinity, which would be written as null. */
const textOf = (value: unknown): string => {
  if (typeof value === 'object' && value !== null) return digestOf(value);
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
};

/** A longer text is replaced by its hash. A hash does not begin with a bracket, so it equals no text. */
const longestText = 64;
