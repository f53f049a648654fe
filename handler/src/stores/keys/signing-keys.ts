import { createSecretKey, type KeyObject } from 'node:crypto';
import { untilDeadline } from '../../aws/until-deadline.ts';
import { GatewayError } from '../../http/gateway-error.ts';

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
   * The key of that id, or undefined where there is none. Throws SIGNING_KEY_UNAVAILABLE where that cannot be known:
   * no key was ever read, or the id is unknown and the secret could not be read again.
   */
  find(kid: string, deadlineMs: number): Promise<KeyObject | undefined>;
  /** Reads the keys now. Throws SIGNING_KEY_UNAVAILABLE. */
  load(deadlineMs: number): Promise<KeySet>;
}

interface Dependencies {
  /** The secret's JSON. */
  readonly readSecret: (deadlineMs: number) => Promise<string>;
  readonly now: () => number;
  /** Told of each read that failed: with keys at hand, requests do not show it. */
  readonly onReadFailure: (error: unknown) => void;
}

/**
 * A key that was dropped stops verifying, and one that was published starts, within this time in every environment; where
 * the secret could not be read in it, a minute after it can be.
 */
export const maxAgeMs = 5 * 60_000;

/** An unknown `kid` may be a key just made, or a forger's, and a read that failed may work again: asked no more often. */
const minAgeMs = 60_000;

/** With keys at hand, a request waits no longer than this for newer ones. */
const refreshWithinMs = 1_500;

/**
 * A read that fails so long after it began may have been frozen with its environment and found its connection dead: a
 * request that joined it reads again. One that fails sooner has had its retry, and the next would fail like it.
 */
const leastFrozenMs = 1_000;

/** With less time left, a read would only be cut off. Node's timers may also end a wait a millisecond early. */
const leastReadMs = 50;

interface Reading {
  readonly beganAtMs: number;
  /** Epoch milliseconds after which nothing is expected of it. */
  readonly deadlineMs: number;
  readonly keys: Promise<KeySet>;
}

/** Reads the secret once, then again when it is old or a `kid` is unknown; keys already read outlive a failing re-read. */
export const createSigningKeys = ({
  readSecret,
  now,
  onReadFailure,
}: Dependencies): SigningKeys => {
  let keys: KeySet | undefined;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let hasFailed = false;
  let reading: Reading | undefined;

  const begin = (deadlineMs: number): Reading => {
    const beganAtMs = now();
    /** False for a read that was dropped: it changes no keys and is not reported. */
    const end = (): boolean => {
      if (reading !== own) return false;
      askedAtMs = beganAtMs; // Only now: a request that comes while keys that are due are read waits for them.
      reading = undefined;
      return true;
    };
    const read = async (): Promise<KeySet> => {
      try {
        const found = parseKeySet(await readSecret(deadlineMs));
        if (end()) {
          keys = found;
          hasFailed = false;
        }
        return found;
      } catch (error) {
        if (end()) {
          hasFailed = true;
          onReadFailure(error);
        }
        throw error;
      }
    };
    const own: Reading = { beganAtMs, deadlineMs, keys: read() };
    reading = own;
    return own;
  };

  /** The read under way, unless its time has passed: it may be one that Lambda froze with the environment. */
  const underWay = (): Reading | undefined =>
    reading !== undefined && now() < reading.deadlineMs ? reading : undefined;

  const join = async (deadlineMs: number): Promise<KeySet> => {
    const joined = underWay();
    if (joined !== undefined) {
      const untilMs = Math.min(deadlineMs, joined.deadlineMs);
      try {
        return await untilDeadline(joined.keys, untilMs, now());
      } catch (error) {
        const mayHaveBeenFrozen = now() - joined.beganAtMs >= leastFrozenMs;
        const hasTime = deadlineMs - now() >= leastReadMs;
        if (keys !== undefined || !mayHaveBeenFrozen || !hasTime) throw error;
      }
    }
    const next = reading === joined ? begin(deadlineMs) : (underWay() ?? begin(deadlineMs));
    return untilDeadline(next.keys, deadlineMs, now());
  };

  const load = (deadlineMs: number): Promise<KeySet> =>
    join(deadlineMs).catch((cause: unknown) => {
      throw unavailable(cause);
    });

  const refresh = async (deadlineMs: number): Promise<void> => {
    await load(Math.min(deadlineMs, now() + refreshWithinMs)).catch(() => undefined);
  };

  return {
    load,
    find: async (kid, deadlineMs) => {
      const isKnown = (keys ?? (await load(deadlineMs))).byKid.has(kid);
      const isDue = now() - askedAtMs >= (isKnown && !hasFailed ? maxAgeMs : minAgeMs);
      if (isDue || (!isKnown && reading !== undefined)) await refresh(deadlineMs);
      const found = keys?.byKid.get(kid);
      // It may be a key just made, whose tokens are genuine: nobody is signed out by a secret that cannot be read.
      if (found === undefined && (hasFailed || reading !== undefined)) throw unavailable();
      return found !== undefined && now() < found.notAfterMs ? found.key : undefined;
    },
  };
};

const unavailable = (cause?: unknown): GatewayError =>
  new GatewayError('SIGNING_KEY_UNAVAILABLE', {
    detail: 'Try again later.',
    headers: { 'retry-after': '1' },
    cause,
  });

/** RFC 7518 §3.2: a key for HS256 has at least the hash's size. */
const minKeyBytes = 32;

/** Throws a TypeError that says what is wrong with the secret, without a word of its content. */
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
    throw new TypeError('The signing secret is not JSON'); // JSON.parse's own message repeats what it read.
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
