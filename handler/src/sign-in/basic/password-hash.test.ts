import { describe, expect, it } from '@jest/globals';
import { fitsHash, hashPassword, readHash } from './password-hash.ts';

/** RFC 7914 §12; a shorter key is the beginning of a longer one. */
const keyOfRfc = '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2';

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

const ofRfc = `$scrypt$ln=14,r=8,p=1$${unpadded(Buffer.from('SodiumChloride'))}$${unpadded(Buffer.from(keyOfRfc, 'hex'))}`;

const fits = async (password: string, text: string): Promise<boolean | undefined> => {
  const hash = readHash(text);
  return hash && (await fitsHash(password, hash));
};

describe('the hash of a password', () => {
  it('is scrypt, as RFC 7914 computes it', async () => {
    expect(await fits('pleaseletmein', ofRfc)).toBe(true);
    expect(await fits('pleaseletmeout', ofRfc)).toBe(false);
  });

  it('has its own salt and the settings that OWASP recommends for 16 MiB', async () => {
    const [one, other] = await Promise.all([hashPassword('p:w'), hashPassword('p:w')]);
    expect(one).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one.split('$')[3]).not.toBe(other.split('$')[3]);
    expect(await fits('p:w', one)).toBe(true);
  });

  it('is the same for both spellings of a composed character', async () => {
    const hash = await hashPassword('Zu\u0308rich');
    expect(await fits('Z\u00fcrich', hash)).toBe(true);
  });

  it.each([
    ['no hash', ''],
    ['another algorithm', ofRfc.replace('scrypt', 'argon2id')],
    ['no key', '$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$'],
    ['a short key', ofRfc.slice(0, -1)],
    ['a short salt', ofRfc.replace('U29kaXVtQ2hsb3JpZGU', 'U29k')],
    ['64 MiB', ofRfc.replace('ln=14', 'ln=16')],
    ['much work', ofRfc.replace('p=1', 'p=51')],
    ['no work', ofRfc.replace('ln=14', 'ln=0')],
    ['no blocks', ofRfc.replace('r=8', 'r=0')],
  ])('cannot be read from %s', (_, text) => {
    expect(readHash(text)).toBeUndefined();
  });
});
