import { hash, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * `<prefix>_<public id>_<secret><checksum>`, as the tokens of GitHub: a scanner of secrets recognizes it, and a mistyped
 * one is refused without a read. Letters and digits only, so that a double click selects it and no place needs escapes.
 */
const form = /^([0-9A-Za-z]{12})_[0-9A-Za-z]{49}$/;

/** Of base 62. */
export const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Six digits are enough for 32 bits. */
const checksumLength = 6;

/** What a key ends with: CRC-32 of what is before it, in base 62. */
export const checksumOf = (text: string): string => {
  let checksum = '';
  for (let rest = crc32(text); checksum.length < checksumLength; rest = Math.floor(rest / 62))
    checksum = (digits[rest % 62] ?? '') + checksum;
  return checksum;
};

/** The public id of a key, or for the log why it cannot be one. Needs no read. */
export const readKey = (
  key: string,
  prefix: string,
): { readonly publicId: string } | { readonly problem: string } => {
  if (!key.startsWith(`${prefix}_`)) return { problem: 'the key has another prefix' };
  const publicId = form.exec(key.slice(prefix.length + 1))?.[1];
  if (publicId === undefined) return { problem: 'the key has another form' };
  if (checksumOf(key.slice(0, -checksumLength)) !== key.slice(-checksumLength))
    return { problem: 'the checksum of the key is wrong' };
  return { publicId };
};

/** The id of a key's credential. */
export const credentialId = (publicId: string): string => `api-key/${publicId}`;

/** SHA-256 in lower-case hex, of the whole key: its secret is random, so that a dump of the table gives no access. */
export const hashOf = (key: string): string => hash('sha256', key);

/** In constant time. */
export const isKeyOf = (key: string, secretHash: string | undefined): boolean => {
  const expected = Buffer.from(secretHash ?? '', 'hex');
  const actual = hash('sha256', key, 'buffer');
  return expected.length === actual.length && timingSafeEqual(expected, actual);
};

/** Whether a text has a whole key with one of these prefixes in it. */
export const holdsKey = (text: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => {
    for (let at = text.indexOf(`${prefix}_`); at >= 0; at = text.indexOf(`${prefix}_`, at + 1))
      if (inText.test(text.slice(at + prefix.length))) return true;
    return false;
  });

const inText = /^_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}/;
