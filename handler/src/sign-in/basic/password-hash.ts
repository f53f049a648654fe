import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto';

/** A password as it is stored. */
export interface PasswordHash {
  readonly parameters: ScryptOptions;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/**
 * One of the settings that OWASP's Password Storage Cheat Sheet lists as equally strong: the one for 16 MiB of memory,
 * because the function has 256 MB. 216 ms of CPU.
 */
const parametersOfNew = { N: 2 ** 14, r: 8, p: 5 };

const keyBytes = 32;

/** For a new password: `$scrypt$ln=14,r=8,p=5$<salt>$<key>` (PHC string format), with a salt of 16 random bytes. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16);
  const key = await derive(password, { parameters: parametersOfNew, salt });
  const { N, r, p } = parametersOfNew;
  return `$scrypt$ln=${Math.log2(N)},r=${r},p=${p}$${unpadded(salt)}$${unpadded(key)}`;
};

/** As strong as a new one, and the hash of no password. */
export const hashOfNothing = (): PasswordHash => ({
  parameters: parametersOfNew,
  salt: randomBytes(16),
  key: randomBytes(keyBytes),
});

/**
 * Undefined for anything but scrypt in the PHC string format, with a 32-byte key, and for settings that would take more
 * than 32 MiB or ten times the work of a new hash.
 */
export const readHash = (text: string): PasswordHash | undefined => {
  const found = format.exec(text);
  if (found === null) return undefined;
  const [ln = 0, r = 0, p = 0] = found.slice(1, 4).map(Number);
  const [salt = '', key = ''] = found.slice(4);
  const megabytes = (128 * 2 ** ln * r) / 2 ** 20;
  const isBounded = ln >= 1 && r >= 1 && p >= 1 && megabytes <= 32 && megabytes * p <= 800;
  if (!isBounded) return undefined;
  const hash = {
    parameters: { N: 2 ** ln, r, p },
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
  return hash.key.length === keyBytes && hash.salt.length >= 8 ? hash : undefined;
};

const format =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{1,86})\$([A-Za-z0-9+/]{43})$/;

/** In a thread of its own, and compared in constant time. */
export const fitsHash = async (password: string, hash: PasswordHash): Promise<boolean> =>
  timingSafeEqual(await derive(password, hash), hash.key);

const derive = (
  password: string,
  { parameters, salt }: Omit<PasswordHash, 'key'>,
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // RFC 8265 §4.2.2: one spelling of composed characters.
    const text = password.normalize('NFC');
    scrypt(text, salt, keyBytes, { ...parameters, maxmem: 2 ** 26 }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
