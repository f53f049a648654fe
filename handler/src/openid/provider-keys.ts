import { untilDeadline } from '../aws/until-deadline.ts';
import { GatewayError } from '../http/gateway-error.ts';
import type {
  ClaimReason,
  IssuerKeyStore,
  PublishedKeys,
} from '../stores/issuer-keys/issuer-key-store.ts';
import {
  chooseKey,
  parseKeySet,
  type ProviderKey,
  type TokenHeader,
  writeKeySet,
} from './key-set.ts';
import { ProviderFailure } from './provider.ts';

export interface ProviderKeys {
  /**
   * The key for a token with this header, or undefined if the provider publishes none. Throws SIGNING_KEY_UNAVAILABLE
   * if that is not known, because the provider cannot be read. The same key is the same object for as long as the
   * provider publishes it.
   */
  find(header: TokenHeader, deadlineMs: number): Promise<ProviderKey | undefined>;
  /** Whether the keys in memory are fresh and have this one. False says nothing: `find` knows. */
  holds(key: ProviderKey): boolean;
  /** Reads the keys, unless they are in memory. Throws SIGNING_KEY_UNAVAILABLE. */
  load(deadlineMs: number): Promise<void>;
}

interface Dependencies {
  /** Names the issuer and where its keys are published. */
  readonly source: string;
  readonly store: IssuerKeyStore;
  /** The JSON of the provider's JWK set. */
  readonly readProvider: (deadlineMs: number) => Promise<string>;
  readonly now: () => number;
  /** A number from 0 to 1: environments that started together do not all refresh at once. */
  readonly random?: () => number;
  /** Called for each failed read, also while older keys are in use. */
  readonly onReadFailure: (error: unknown) => void;
  /** Called if the keys could not be read from, or written to, the store. */
  readonly onStoreFailure: (error: unknown) => undefined;
}

const minuteMs = 60_000;

/** Keys as old as this are read again, while the request that finds them so goes on with them … */
const freshMs = 10 * minuteMs;

/** … and a request waits for newer ones if they are as old as this: the provider may have withdrawn a key. */
const waitedForMs = 60 * minuteMs;

/** If the provider cannot be read, its last keys are used for this long. */
const usableMs = 24 * 60 * minuteMs;

/** How often the provider is asked at most, for each reason: by all environments together, if the store works. */
const claimMs = minuteMs;

/** How long a request waits for newer keys while it has some, and how long any request waits for another environment. */
const waitMs = 2_000;

/** Without keys, no request can be served: attempts come this soon. */
const retryMs = 5_000;

/** A read takes no longer; if it does, it was frozen with its environment. */
const readWithinMs = 10_000;

/** How often an environment looks for what another one is about to store, and how many times. */
const poll = { everyMs: 100, times: waitMs / 100 };

interface Held {
  readonly keys: readonly ProviderKey[];
  readonly readAtMs: number;
}

interface Reading {
  /** Epoch milliseconds after which its result is not expected any more. */
  readonly untilMs: number;
  readonly done: Promise<void>;
}

type IsEnough = (keys: readonly ProviderKey[]) => boolean;

/**
 * The keys of an OpenID provider, in memory. They come from the store that all execution environments share, and from
 * the provider if those there are old or lack the key that a token names. One request reads at a time; the others that
 * need the result wait for it.
 */
export const createProviderKeys = (dependencies: Dependencies): ProviderKeys => {
  const { source, store, readProvider, now, onReadFailure, onStoreFailure } = dependencies;
  const freshForMs = freshMs * (1 - 0.1 * (dependencies.random ?? Math.random)());
  let held: Held | undefined;
  /** When the last read began that failed. */
  let failedAtMs = Number.NEGATIVE_INFINITY;
  let reading: Reading | undefined;
  const askedAtMs = { refresh: Number.NEGATIVE_INFINITY, search: Number.NEGATIVE_INFINITY };

  const ageMs = (): number =>
    held === undefined ? Number.POSITIVE_INFINITY : now() - held.readAtMs;

  /** Keeps the keys unless they are older. Those that stay are the same objects. Throws `UnusableKeys`. */
  const hold = ({ json, readAtMs }: PublishedKeys): void => {
    if (held !== undefined && readAtMs < held.readAtMs) return;
    const known = new Map(held?.keys.map((key) => [JSON.stringify(key), key]));
    const keys = parseKeySet(json).map((key) => known.get(JSON.stringify(key)) ?? key);
    held = { keys, readAtMs };
  };

  const readAndKeep = async (deadlineMs: number): Promise<void> => {
    const readAtMs = now();
    // What cannot be used is not shared.
    const json = writeKeySet(parseKeySet(await readProvider(deadlineMs)));
    const keys = { json, readAtMs };
    hold((await store.keep(source, keys, deadlineMs).catch(onStoreFailure)) ?? keys);
  };

  const take = (keys: PublishedKeys | undefined): void => {
    if (keys === undefined || now() - keys.readAtMs >= usableMs) return;
    try {
      hold(keys);
    } catch (error) {
      onStoreFailure(error); // Perhaps of another version of the gateway.
    }
  };

  const read = async (
    reason: ClaimReason,
    isEnough: IsEnough,
    deadlineMs: number,
  ): Promise<void> => {
    for (let polls = 0; ; polls += 1) {
      const stored = await store.find(source, deadlineMs).catch((error: unknown) => {
        onStoreFailure(error);
        return 'unreadable' as const;
      });
      if (stored === 'unreadable') return readAndKeep(deadlineMs);
      take(stored?.keys);
      if (held !== undefined && isEnough(held.keys)) return;
      const atMs = now();
      const claimedAtMs = stored?.claimedAtMs[reason] ?? Number.NEGATIVE_INFINITY;
      const claim = { reason, atMs, afterMs: atMs - claimMs };
      const isClaimed = claimedAtMs > claim.afterMs;
      const isOwn = isClaimed
        ? false
        : await store.claim(source, claim, deadlineMs).catch(onStoreFailure);
      if (isOwn === true) return readAndKeep(deadlineMs);
      // Another environment has asked the provider within this minute, and these are the newest keys.
      if (isClaimed && stored?.keys !== undefined && stored.keys.readAtMs >= claimedAtMs) return;
      if (reason === 'refresh' && ageMs() < usableMs) return;
      if (polls >= poll.times) {
        if (reason === 'refresh' || isOwn === undefined) return readAndKeep(deadlineMs);
        throw new ProviderFailure(
          'Another execution environment has asked the provider and got no keys',
          'ASKED_BY_ANOTHER',
          source,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, poll.everyMs));
    }
  };

  /** The read in progress, unless its time has passed: Lambda may have frozen it with the environment. */
  const underWay = (): Reading | undefined =>
    reading !== undefined && now() < reading.untilMs ? reading : undefined;

  const begin = (reason: ClaimReason, isEnough: IsEnough, deadlineMs: number): Reading => {
    const beganAtMs = now();
    askedAtMs[reason] = beganAtMs;
    const untilMs = Math.min(deadlineMs, beganAtMs + readWithinMs);
    const end = (): void => {
      if (reading === own) reading = undefined;
    };
    const fail = (error: unknown): never => {
      end();
      // One that was frozen in the meantime says nothing about the provider.
      if (now() < beganAtMs + readWithinMs) {
        failedAtMs = beganAtMs;
        onReadFailure(error);
      }
      throw error;
    };
    const own: Reading = { untilMs, done: read(reason, isEnough, untilMs).then(end, fail) };
    own.done.catch(() => undefined); // Nobody may be waiting for it.
    reading = own;
    return own;
  };

  /** Waits for it, whether it fails or not. */
  const wait = (of: Reading, deadlineMs: number): Promise<void> =>
    untilDeadline(of.done, deadlineMs, now()).catch(() => undefined);

  /** Begins to read keys that are old. Waits for them only if there are none, or if they are very old. */
  const refresh = async (deadlineMs: number): Promise<void> => {
    const ageAtFirstMs = ageMs();
    if (ageAtFirstMs < freshForMs) return;
    const isUsable = ageAtFirstMs < usableMs;
    const isDue = now() - askedAtMs.refresh >= (isUsable ? claimMs : retryMs);
    // Without any keys, those in the store are used at once unless they are very old.
    const isEnough = (): boolean => ageMs() < (isUsable ? freshForMs : waitedForMs);
    const current = underWay() ?? (isDue ? begin('refresh', isEnough, deadlineMs) : undefined);
    if (current === undefined || ageAtFirstMs < waitedForMs) return;
    await wait(current, isUsable ? Math.min(deadlineMs, now() + waitMs) : deadlineMs);
  };

  const heldKeys = async (deadlineMs: number): Promise<readonly ProviderKey[]> => {
    if (ageMs() >= freshForMs) await refresh(deadlineMs);
    if (held === undefined || ageMs() >= usableMs) throw unavailable();
    return held.keys;
  };

  const search = async (header: TokenHeader, deadlineMs: number): Promise<void> => {
    const isFound: IsEnough = (keys) => chooseKey(keys, header) !== undefined;
    const running = underWay();
    if (running !== undefined) await wait(running, deadlineMs);
    if (held !== undefined && isFound(held.keys)) return;
    const isDue = now() - askedAtMs.search >= claimMs;
    const current = underWay() ?? (isDue ? begin('search', isFound, deadlineMs) : undefined);
    if (current !== undefined) await wait(current, deadlineMs);
  };

  return {
    holds: (key) => ageMs() < freshForMs && held?.keys.includes(key) === true,
    load: async (deadlineMs) => void (await heldKeys(deadlineMs)),
    find: async (header, deadlineMs) => {
      const found = chooseKey(await heldKeys(deadlineMs), header);
      if (found !== undefined) return found;
      await search(header, deadlineMs);
      const afterwards = held && chooseKey(held.keys, header);
      // It may be a new key with genuine tokens: a provider that is down must not sign users out.
      const isUncertain = reading !== undefined || failedAtMs >= (held?.readAtMs ?? 0);
      if (afterwards === undefined && isUncertain) throw unavailable();
      return afterwards;
    },
  };
};

const unavailable = (): GatewayError =>
  new GatewayError('SIGNING_KEY_UNAVAILABLE', {
    detail: 'Try again later.',
    headers: { 'retry-after': '1' },
  });
