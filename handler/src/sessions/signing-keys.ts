import { createSecretKey, type KeyObject } from 'node:crypto';
import { GatewayError } from '../http/gateway-error.ts';

/** The keys that sign and verify session tokens: a JWK set (RFC 7517 §5) with the active key named. */
export interface KeySet {
  /** Signs new tokens; every other key only verifies those made before. */
  readonly activeKid: string;
  readonly byKid: ReadonlyMap<string, KeyObject>;
}

export interface SigningKeys {
  /** The key of that id, or undefined where there is none. Throws SIGNING_KEY_UNAVAILABLE where no key was ever read. */
  find(kid: string, deadlineMs: number): Promise<KeyObject | undefined>;
  /** Reads the keys now. Throws SIGNING_KEY_UNAVAILABLE. */
  load(deadlineMs: number): Promise<KeySet>;
}

interface Dependencies {
  /** The secret's JSON. */
  readonly readSecret: (deadlineMs: number) => Promise<string>;
  readonly now: () => number;
}

/** A key that was dropped stops verifying within this time, in every environment. */
const maxAgeMs = 5 * 60_000;

/** An unknown `kid` may be a key just made, or a forger's: it asks for the keys again, but not more often than this. */
const minAgeMs = 60_000;

/** Reads the secret once, then again when it is old or a `kid` is unknown; keys already read outlive a failing re-read. */
export const createSigningKeys = ({ readSecret, now }: Dependencies): SigningKeys => {
  let keys: KeySet | undefined;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<KeySet> | undefined;

  const load = (deadlineMs: number): Promise<KeySet> => {
    askedAtMs = now();
    reading ??= readSecret(deadlineMs)
      .then((secret) => (keys = parseKeySet(secret)))
      .finally(() => (reading = undefined))
      .catch((cause: unknown) => {
        throw new GatewayError('SIGNING_KEY_UNAVAILABLE', {
          detail: 'Try again in a moment.',
          headers: { 'retry-after': '1' },
          cause,
        });
      });
    return reading;
  };

  const refreshed = async (deadlineMs: number): Promise<KeySet | undefined> => {
    try {
      return await load(deadlineMs);
    } catch {
      return keys;
    }
  };

  return {
    load,
    find: async (kid, deadlineMs) => {
      const current = keys ?? (await load(deadlineMs));
      const ageMs = now() - askedAtMs;
      const key = current.byKid.get(kid);
      const isDue = ageMs >= (key === undefined ? minAgeMs : maxAgeMs);
      return isDue ? (await refreshed(deadlineMs))?.byKid.get(kid) : key;
    },
  };
};

/** RFC 7518 §3.2: a key for HS256 has at least the hash's size. */
const minKeyBytes = 32;

/** Throws a TypeError that says what is wrong with the secret, without a word of its content. */
export const parseKeySet = (secret: string): KeySet => {
  const { active_kid: activeKid, keys } = parseJson(secret);
  if (typeof activeKid !== 'string' || !Array.isArray(keys)) {
    throw new TypeError('The signing secret must be {"active_kid": …, "keys": [ … ]}');
  }
  const byKid = new Map((keys as readonly unknown[]).map(parseKey));
  if (!byKid.has(activeKid))
    throw new TypeError('The signing secret names an active_kid that is none of its keys');
  return { activeKid, byKid };
};

const parseJson = (secret: string): Record<string, unknown> => {
  try {
    const parsed: unknown = JSON.parse(secret);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    throw new TypeError('The signing secret is not JSON'); // JSON.parse's own message repeats what it read.
  }
};

const parseKey = (jwk: unknown): [kid: string, key: KeyObject] => {
  const { kty, kid, k } = (jwk ?? {}) as Record<string, unknown>;
  if (kty !== 'oct' || typeof kid !== 'string' || kid === '' || typeof k !== 'string') {
    throw new TypeError(
      'Each key of the signing secret must be {"kty":"oct","kid":…,"k":…} (RFC 7518 §6.4)',
    );
  }
  const bytes = Buffer.from(k, 'base64url');
  if (bytes.length < minKeyBytes)
    throw new TypeError(`Key ${kid} has ${bytes.length} bytes; HS256 needs ${minKeyBytes}`);
  return [kid, createSecretKey(bytes)];
};
