/**
 * Whether two JSON values are equal by JSON Schema (Core §4.2.2). Only own properties count: `fast-deep-equal`, which
 * ajv uses, calls `toString` and `valueOf`, which a client may set to anything.
 */
export const equalJson = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    const areLists = Array.isArray(a) && Array.isArray(b) && a.length === b.length;
    return areLists && a.every((item, index) => equalJson(item, b[index]));
  }
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && equalJson(memberOf(a, name), memberOf(b, name)))
  );
};

const memberOf = (value: object, name: string): unknown =>
  (value as Readonly<Record<string, unknown>>)[name];
