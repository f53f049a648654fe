import { createSecretKey, type KeyObject } from 'node:crypto';
import { GatewayError } from '../../http/gateway-error.ts';
import { createRotatingSecret } from '../secrets/rotating-secret.ts';

/** The keys that sign and verify session tokens: a JWK set (RFC 7517 §5) with the active key named. */
export interface KeySet {
  /** Signs new tokens; every other key only verifies those made before or, freshly published, those to come. */
  readonly activeKid: string;
  readonly byKid: ReadonlyMap<string, SigningKey>;
}

export interface SigningKey {
  readonly key: KeyObject;
  /** Epoch milliseconds from which it verifies nothing any more: no session that it signed can live as long. */
  readonly notAfterMs: number;
}

export interface SigningKeys {
  /**
   * The key with this id, or undefined if there is none. Throws SIGNING_KEY_UNAVAILABLE if that is not known: no key
   * was ever read, or the id is unknown and the secret cannot be read again.
   */
  find(kid: string, deadlineMs: number): Promise<KeyObject | undefined>;
  /** Reads the keys now. Throws SIGNING_KEY_UNAVAILABLE. */
  load(deadlineMs: number): Promise<KeySet>;
}

interface Dependencies {
  /** The secret's JSON. */
  readonly readSecret: (deadlineMs: number) => Promise<string>;
  readonly now: () => number;
  /** Called for each failed read. While keys are in memory, requests do not show the failure. */
  readonly onReadFailure: (error: unknown) => void;
}

/** Keys in memory stay valid if a later read fails. */
export const createSigningKeys = (dependencies: Dependencies): SigningKeys => {
  const secret = createRotatingSecret({ ...dependencies, parse: parseKeySet, unavailable });
  return {
    load: (deadlineMs) => secret.load(deadlineMs),
    find: async (kid, deadlineMs) => {
      const found = await secret.find(({ byKid }) => byKid.get(kid), deadlineMs);
      // It may be a new key with genuine tokens: an unreadable secret must not sign users out.
      if (found === undefined && secret.mayLack()) throw unavailable();
      return found !== undefined && dependencies.now() < found.notAfterMs ? found.key : undefined;
    },
  };
};

const unavailable = (cause?: unknown): GatewayError =>
  new GatewayError('SIGNING_KEY_UNAVAILABLE', {
    detail: 'Try again later.',
    headers: { 'retry-after': '1' },
    cause,
  });

/** RFC 7518 §3.2: a key for HS256 is at least as long as the hash. */
const minKeyBytes = 32;

/** Throws a TypeError that describes what is wrong with the secret, without any of its content. */
export const parseKeySet = (secret: string): KeySet => {
  const { active_kid: activeKid, keys } = parseJson(secret);
  if (typeof activeKid !== 'string' || !Array.isArray(keys)) {
    throw new TypeError('The signing secret must be {"active_kid": …, "keys": [ … ]}');
  }
  const byKid = new Map((keys as readonly unknown[]).map(parseKey));
  if (byKid.size !== keys.length)
    throw new TypeError('The signing secret has two keys with the same kid');
  if (!byKid.has(activeKid))
    throw new TypeError('The active_kid of the signing secret is not the kid of one of its keys');
  return { activeKid, byKid };
};

const parseJson = (secret: string): Record<string, unknown> => {
  try {
    return (JSON.parse(secret) ?? {}) as Record<string, unknown>;
  } catch {
    throw new TypeError('The signing secret is not JSON'); // The message of JSON.parse quotes its input.
  }
};

const parseKey = (jwk: unknown): [kid: string, key: SigningKey] => {
  const { kty, kid, k, not_after: notAfter } = (jwk ?? {}) as Record<string, unknown>;
  if (kty !== 'oct' || typeof kid !== 'string' || kid === '' || typeof k !== 'string') {
    throw new TypeError(
      'Each key of the signing secret must be {"kty":"oct","kid":…,"k":…} (RFC 7518 §6.4)',
    );
  }
  const bytes = Buffer.from(k, 'base64url');
  if (bytes.length < minKeyBytes)
    throw new TypeError(`Key ${kid} has ${bytes.length} bytes; HS256 needs ${minKeyBytes}`);
  if (notAfter !== undefined && !Number.isSafeInteger(notAfter))
    throw new TypeError(`The not_after of key ${kid} is not a time in epoch seconds`);
  const notAfterMs = notAfter === undefined ? Number.POSITIVE_INFINITY : Number(notAfter) * 1_000;
  return [kid, { key: createSecretKey(bytes), notAfterMs }];
};
