import { createSecretKey, type KeyObject } from 'node:crypto';
import { signToken } from '../src/stores/sessions/session-token.ts';
import { startMs } from './limiter-simulation.ts';
import type { Random } from './random.ts';

/** True times, in milliseconds since the world began. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface SessionPlan {
  readonly sessionId: string;
  readonly userId: string;
  readonly kid: string;
  readonly token: string;
  readonly createdAtMs: number;
  /** When the login service wrote its item: perhaps after it issued the token. */
  readonly itemAtMs: number;
  /** By the item, and by the token. */
  readonly endsAtMs: number;
  readonly tokenEndsAtMs: number;
  readonly revokedAtMs: number;
}

/** A signing key: in the secret from one time to another. */
export interface KeyPlan extends Span {
  readonly kid: string;
  readonly key: KeyObject;
  readonly bytes: Buffer;
}

export interface SessionRequest {
  readonly atMs: number;
  readonly environment: number;
  readonly session: SessionPlan;
}

export interface SessionWorld {
  readonly keys: readonly KeyPlan[];
  readonly sessions: readonly SessionPlan[];
  readonly requests: readonly SessionRequest[];
  /** Times in which the secret cannot be read. */
  readonly outages: readonly Span[];
}

/** How long before it signs a key is in the secret. */
const publishedMs = 6 * 60_000;

const lengthMs = 40 * 60_000;

/**
 * Sessions that end in every way, requests before and after, keys that are added and removed, sometimes without notice.
 */
export const sessionWorld = async (
  random: Random,
  { environments, cacheMs }: { readonly environments: number; readonly cacheMs: number },
): Promise<SessionWorld> => {
  const keys = keyPlans(random);
  const sessions = await Promise.all(
    Array.from({ length: 6 }, (_, index) => sessionPlan(random, keys, index)),
  );
  const requests = sessions.flatMap((session) =>
    timesOf(random, session, cacheMs).map((atMs) => ({
      atMs,
      environment: Math.floor(random() * environments),
      session,
    })),
  );
  const outages = random() < 0.3 ? [spanIn(random, 8 * 60_000)] : [];
  return { keys, sessions, requests, outages };
};

const keyPlans = (random: Random): readonly KeyPlan[] => {
  const first = keyPlan(random, 'k0', 0);
  const second = keyPlan(random, 'k1', random() * lengthMs * 0.5);
  const dropped = random() < 0.6 ? second.fromMs + random() * lengthMs : Infinity;
  return [{ ...first, untilMs: dropped }, second];
};

const keyPlan = (random: Random, kid: string, fromMs: number): KeyPlan => {
  const bytes = bytesOf(random);
  return { kid, bytes, key: createSecretKey(bytes), fromMs, untilMs: Infinity };
};

const bytesOf = (random: Random): Buffer =>
  Buffer.from(Array.from({ length: 32 }, () => Math.floor(random() * 256)));

const sessionPlan = async (
  random: Random,
  keys: readonly KeyPlan[],
  index: number,
): Promise<SessionPlan> => {
  const sessionId = bytesOf(random).toString('base64url');
  const userId = `user-${index % 3}`;
  const createdAtMs = random() * lengthMs * 0.6;
  const [first, second] = keys;
  const { kid, key } = (second && second.fromMs + publishedMs < createdAtMs ? second : first) ?? {};
  if (kid === undefined || key === undefined) throw new TypeError('There is a first key');
  const endsAtMs = secondAt(createdAtMs + random() * lengthMs);
  const tokenEndsAtMs = random() < 0.7 ? endsAtMs : secondAt(createdAtMs + random() * lengthMs);
  // The last use of the random numbers, because signing takes real time.
  const revokedAtMs = random() < 0.6 ? createdAtMs + random() * lengthMs * 0.5 : Infinity;
  const itemAtMs = createdAtMs + (random() < 0.2 ? random() * 20_000 : 0);
  const token = await signToken(
    { sessionId, userId, expiresAtMs: startMs + tokenEndsAtMs },
    { kid, key, nowMs: startMs + createdAtMs },
  );
  const ends = { endsAtMs, tokenEndsAtMs, revokedAtMs };
  return { sessionId, userId, kid, token, createdAtMs, itemAtMs, ...ends };
};

/** Tokens and items end with a second of the epoch. */
const secondAt = (atMs: number): number => Math.floor((startMs + atMs) / 1000) * 1000 - startMs;

/** During its lifetime and after it, and close to its end. */
const timesOf = (random: Random, session: SessionPlan, cacheMs: number): readonly number[] => {
  const { createdAtMs, itemAtMs, revokedAtMs, endsAtMs, tokenEndsAtMs } = session;
  const endMs = Math.min(revokedAtMs, endsAtMs, tokenEndsAtMs);
  const around = (atMs: number, spreadMs: number) => atMs + (random() * 2 - 1) * spreadMs;
  const times = [
    ...Array.from({ length: 12 }, () => createdAtMs + random() * lengthMs),
    ...Array.from({ length: 8 }, () => around(endMs, 2_000)),
    ...Array.from({ length: 4 }, () => around(itemAtMs, itemAtMs - createdAtMs)),
    ...Array.from({ length: 6 }, () => around(endMs + cacheMs, 1_000)),
  ];
  return times.filter((atMs) => atMs > createdAtMs);
};

const spanIn = (random: Random, longestMs: number): Span => {
  const fromMs = random() * lengthMs;
  return { fromMs, untilMs: fromMs + random() * longestMs };
};
