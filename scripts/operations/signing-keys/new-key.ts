import { randomBytes } from 'node:crypto';
import type { StoredKey } from './key-rotation.ts';

/** A key for HS256, named after the second in which it was made; two of one second have names of their own, too. */
export const newKey = (nowSeconds: number): StoredKey => {
  const name = new Date(nowSeconds * 1_000).toISOString().replace(/\.\d+|[-:]/g, '');
  const jwk = {
    kty: 'oct',
    kid: `k${name}-${randomBytes(3).toString('hex')}`,
    alg: 'HS256',
    k: randomBytes(48).toString('base64url'),
  };
  return jwk;
};
