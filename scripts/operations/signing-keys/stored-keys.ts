import { randomBytes } from 'node:crypto';
import { parseKeySet } from '../../../handler/src/stores/keys/signing-keys.ts';
import { maxAgeMs } from '../../../handler/src/stores/secrets/rotating-secret.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';

/** A key as the signing secret holds it: a JWK (RFC 7517), with two times of ours in epoch seconds. */
export interface StoredKey {
  readonly kid: string;
  /** The time since when it verifies. It signs nothing before every environment has it. */
  readonly published_at?: number;
  /** From when it verifies nothing any more. */
  readonly not_after?: number;
}

export interface StoredKeys {
  readonly active_kid: string;
  readonly keys: readonly StoredKey[];
}

/**
 * From publishing a key until it may sign: each environment reads the keys again after five minutes at most, and the
 * clocks of this machine and of theirs may differ.
 */
export const overlapSeconds = maxAgeMs / 1_000 + 30;

/** Throws a CommandError if the secret is invalid, so that nothing depends on it. */
export const readStoredKeys = (secret: string): StoredKeys => {
  try {
    parseKeySet(secret);
    return JSON.parse(secret) as StoredKeys;
  } catch (error) {
    throw new CommandError(
      `${(error as Error).message}. To put a new key in the place of all that is there: NOW=1`,
      { cause: error },
    );
  }
};

/** A key that was published and has not signed yet: a rotation that is under way, or was interrupted. */
export const pendingKey = ({ active_kid: activeKid, keys }: StoredKeys): StoredKey | undefined =>
  keys.find(
    ({ kid, published_at: publishedAt, not_after: notAfter }) =>
      kid !== activeKid && publishedAt !== undefined && notAfter === undefined,
  );

/** Adds a key that verifies, and does not sign yet. */
export const publish = (stored: StoredKeys, key: StoredKey, nowSeconds: number): StoredKeys => ({
  ...stored,
  keys: [...stored.keys, { ...key, published_at: nowSeconds }],
});

/** When the key may sign. */
export const activatableAt = ({ published_at: publishedAt = 0 }: StoredKey): number =>
  publishedAt + overlapSeconds;

interface Activation {
  readonly nowSeconds: number;
  /** How long the sessions live that the other keys signed. */
  readonly keepSeconds: number;
}

/** The key signs from now on; all others verify for as long as a session of theirs may live, and no longer. */
export const activate = (
  stored: StoredKeys,
  kid: string,
  { nowSeconds, keepSeconds }: Activation,
): StoredKeys => {
  if (!stored.keys.some((key) => key.kid === kid)) {
    throw new CommandError(
      `${kid} is no longer in the secret: another command has replaced the keys.`,
    );
  }
  return {
    active_kid: kid,
    keys: stored.keys.map((key) =>
      key.kid === kid ? key : { not_after: nowSeconds + keepSeconds, ...key },
    ),
  };
};

/** Without expired keys. The signing key is always kept. */
export const dropEnded = (stored: StoredKeys, nowSeconds: number): StoredKeys => ({
  ...stored,
  keys: stored.keys.filter(
    ({ kid, not_after: notAfter = Infinity }) => kid === stored.active_kid || notAfter > nowSeconds,
  ),
});

/** Only this key: tokens of all others become invalid. */
export const replaceAll = (key: StoredKey, nowSeconds: number): StoredKeys => ({
  active_kid: key.kid,
  keys: [{ ...key, published_at: nowSeconds }],
});

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
