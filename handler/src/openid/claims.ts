type Claims = Readonly<Record<string, unknown>>;

/**
 * The value of a claim: the one with this very name, or of an object in it. So both `https://example.com/roles`, whose
 * dots are part of the name, and `realm_access.roles` are found.
 */
export const claimIn = (claims: Claims, name: string): unknown => {
  if (Object.hasOwn(claims, name)) return claims[name];
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const outer = Object.hasOwn(claims, name.slice(0, dot))
      ? claims[name.slice(0, dot)]
      : undefined;
    if (typeof outer !== 'object' || outer === null) continue;
    const found = claimIn(outer as Claims, name.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
};

/**
 * A list of names, or one text with spaces between them (RFC 8693 §4.2). None if the claim is absent; undefined if it is
 * something else.
 */
export const namesIn = (value: unknown): readonly string[] | undefined => {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return value.split(' ').filter((name) => name !== '');
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
    ? value
    : undefined;
};

const maxUserIdChars = 256;

/** The id of the user. Undefined if the claim is missing, or not a text of up to 256 characters. */
export const userIdIn = (claims: Claims, name: string): string | undefined => {
  const userId = claimIn(claims, name);
  return typeof userId === 'string' && userId !== '' && userId.length <= maxUserIdChars
    ? userId
    : undefined;
};

/** A claim as the value of a header. Undefined if it is absent or an object. */
export const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
    ? value.join(' ')
    : undefined;
};
