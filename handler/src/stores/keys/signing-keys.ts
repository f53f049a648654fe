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

/**
 * Within this time, every environment stops to accept a removed key and starts to accept a new one. If the secret
 * cannot be read in this time: one minute after it can be read again.
 */
export const maxAgeMs = 5 * 60_000;

/**
 * Minimum time between reads after an unknown `kid`, which may be a new key or a forged token, and after a failed read.
 */
const minAgeMs = 60_000;

/** While keys are in memory, a request waits no longer than this for newer ones. */
const refreshWithinMs = 1_500;

/**
 * A read that fails this long after its start may have been frozen with its environment, and its connection may be
 * dead: a request that joined it reads again. A read that fails sooner has had its retry, and the next would fail as
 * well.
 */
const leastFrozenMs = 1_000;

/** With less time left, a read would not complete. Node's timers may also end a wait a millisecond early. */
const leastReadMs = 50;

interface Reading {
  readonly beganAtMs: number;
  /** Epoch milliseconds after which its result is not expected any more. */
  readonly deadlineMs: number;
  readonly keys: Promise<KeySet>;
}

/**
 * Reads the secret once, and again when it is old or a `kid` is unknown. Keys in memory stay valid if a later read
 * fails.
 */
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
      askedAtMs = beganAtMs; // Only now: a request that arrives during a due read waits for it.
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

  /** The read in progress, unless its time has passed: Lambda may have frozen it with the environment. */
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
      // It may be a new key with genuine tokens: an unreadable secret must not sign users out.
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
