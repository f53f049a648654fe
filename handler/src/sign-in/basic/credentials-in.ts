/** What a client sends (RFC 7617 §2). */
export interface BasicCredentials {
  readonly user: string;
  readonly password: string;
}

/**
 * Of an `Authorization` header: `Basic <base64 of user:password in UTF-8>`. The password may have colons. `malformed`
 * for what is of this scheme and cannot be read, undefined for other schemes and for none.
 */
export const credentialsIn = (
  authorization: string | undefined,
): BasicCredentials | 'malformed' | undefined => {
  const [, scheme, encoded = ''] = /^(\w+) *(.*)$/s.exec(authorization ?? '') ?? [];
  if (scheme?.toLowerCase() !== 'basic') return undefined;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return 'malformed';
  const text = utf8In(Buffer.from(encoded, 'base64'));
  const colon = text?.indexOf(':') ?? -1;
  if (text === undefined || colon < 0 || /\p{Cc}/u.test(text)) return 'malformed';
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
};

const utf8In = (bytes: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};
