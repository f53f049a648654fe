import { beforeAll, describe, expect, it } from '@jest/globals';
import { createIssuerKey, type IssuerKey, keySetOf } from '../../testing/token-issuer.ts';
import type { IssuerKeyStore } from '../stores/issuer-keys/issuer-key-store.ts';
import { createMemoryIssuerKeys } from '../stores/issuer-keys/memory-issuer-keys.ts';
import { createProviderKeys } from './provider-keys.ts';

let first: IssuerKey;
let second: IssuerKey;
beforeAll(async () => {
  first = await createIssuerKey('ES256', 'first');
  second = await createIssuerKey('ES256', 'second');
});

const startMs = 1_800_000_000_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A provider, a store and a clock that several execution environments share. */
const createWorld = (store: IssuerKeyStore = createMemoryIssuerKeys()) => {
  const world = {
    nowMs: startMs,
    published: keySetOf(first),
    isDown: false,
    reads: 0,
    failures: [] as unknown[],
    storeFailures: [] as unknown[],
    store,
    /** What the provider does before it responds. */
    delay: async (): Promise<void> => undefined,
    environment: () => {
      const keys = createProviderKeys({
        source: 'issuer',
        store,
        readProvider: async () => {
          world.reads += 1;
          const { published, isDown } = world;
          await world.delay();
          if (isDown) throw new Error('down');
          return published;
        },
        now: () => world.nowMs,
        random: () => 0,
        onReadFailure: (error) => void world.failures.push(error),
        onStoreFailure: (error): undefined => void world.storeFailures.push(error),
      });
      const find = (kid: string) =>
        keys.find({ kid, alg: 'ES256' }, world.nowMs + 29_000).then((key) => key?.kid);
      /** With the code of a refusal. */
      const outcome = (kid: string) => find(kid).catch((error: { code?: string }) => error.code);
      return { keys, find, outcome };
    },
  };
  return world;
};

/** Lets work in the background end. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe("the provider's keys", () => {
  it('are read once for requests that come at the same time', async () => {
    const world = createWorld();
    const { find } = world.environment();
    world.delay = settle;
    const found = await Promise.all(Array.from({ length: 50 }, () => find('first')));
    expect(new Set(found)).toEqual(new Set(['first']));
    expect(world.reads).toBe(1);
  });

  it('are read by one of 100 environments that start within a minute', async () => {
    const world = createWorld();
    world.delay = settle;
    const found = await Promise.all(
      Array.from({ length: 100 }, () => world.environment().find('first')),
    );
    expect(new Set(found)).toEqual(new Set(['first']));
    expect(world.reads).toBe(1);
  });

  it('are read again after ten minutes, and no request waits for that', async () => {
    const world = createWorld();
    const { find } = world.environment();
    await find('first');
    world.nowMs += 10 * minuteMs - 1;
    await find('first');
    await settle();
    expect(world.reads).toBe(1);
    world.nowMs += 1;
    let respond = (): void => undefined;
    world.delay = () => new Promise((resolve) => (respond = resolve));
    expect(await find('first')).toBe('first');
    expect(await find('first')).toBe('first');
    await settle();
    expect(world.reads).toBe(2);
    respond();
  });

  it('are refused ten minutes after the provider withdrew them', async () => {
    const world = createWorld();
    const { find } = world.environment();
    await find('first');
    world.published = keySetOf(second);
    world.nowMs += 10 * minuteMs;
    await find('first');
    await settle();
    expect(await find('first')).toBeUndefined();
  });

  it('are refused at once after an hour without requests', async () => {
    const world = createWorld();
    const { find } = world.environment();
    await find('first');
    world.published = keySetOf(second);
    world.nowMs += hourMs;
    expect(await find('first')).toBeUndefined();
    expect(await world.environment().find('second')).toBe('second');
  });

  it('are the same objects as long as the provider publishes them', async () => {
    const world = createWorld();
    const { keys, find } = world.environment();
    const header = { kid: 'first', alg: 'ES256' } as const;
    const before = await keys.find(header, world.nowMs + 1_000);
    world.published = keySetOf(second, first);
    expect(await find('second')).toBe('second');
    expect(await keys.find(header, world.nowMs + 1_000)).toBe(before);
  });
});

describe('a key that is not known', () => {
  it('is found at once if the provider has published it', async () => {
    const world = createWorld();
    const { find } = world.environment();
    await find('first');
    world.published = keySetOf(first, second);
    expect(await find('second')).toBe('second');
    expect(world.reads).toBe(2);
  });

  it('makes the provider be asked at most once a minute, by all environments together', async () => {
    const world = createWorld();
    const environments = Array.from({ length: 20 }, () => world.environment());
    await Promise.all(environments.map(({ find }) => find('first')));
    for (let second = 0; second < 180; second += 1) {
      world.nowMs += 1_000;
      const found = await Promise.all(
        environments.map(({ find }, index) => find(`forged-${second}-${index}`)),
      );
      expect(found).toEqual(environments.map(() => undefined));
    }
    expect(world.reads).toBeLessThanOrEqual(1 + 4);
  });

  it('is found by another environment in the store, without a call to the provider', async () => {
    const world = createWorld();
    const [one, other] = [world.environment(), world.environment()];
    await one.find('first');
    await other.find('first');
    world.published = keySetOf(first, second);
    expect(await one.find('second')).toBe('second');
    expect(await other.find('second')).toBe('second');
    expect(world.reads).toBe(2);
  });

  it('is waited for while another environment asks the provider for it', async () => {
    const world = createWorld();
    const [one, other] = [world.environment(), world.environment()];
    await one.find('first');
    await other.find('first');
    world.nowMs += 1;
    world.published = keySetOf(first, second);
    world.delay = () => new Promise((resolve) => setTimeout(resolve, 150));
    const found = await Promise.all([one.find('second'), other.find('second')]);
    expect(found).toEqual(['second', 'second']);
    expect(world.reads).toBe(2);
  });
});

describe('while the provider is down', () => {
  it('its last keys are used for 24 hours, and it is asked once a minute', async () => {
    const world = createWorld();
    const { find, outcome } = world.environment();
    await find('first');
    world.isDown = true;
    for (let minute = 0; minute < 24 * 60 - 1; minute += 1) {
      world.nowMs += minuteMs;
      expect(await find('first')).toBe('first');
      await new Promise(setImmediate); // The read in the background ends.
    }
    expect(world.reads).toBeLessThanOrEqual(1 + 24 * 60);
    expect(world.failures.length).toBe(world.reads - 1);
    world.nowMs += minuteMs;
    expect(await outcome('first')).toBe('SIGNING_KEY_UNAVAILABLE');
    world.isDown = false;
    world.nowMs += minuteMs;
    expect(await find('first')).toBe('first');
  });

  it('a new environment uses what others have stored', async () => {
    const world = createWorld();
    await world.environment().find('first');
    world.isDown = true;
    world.nowMs += 20 * hourMs;
    expect(await world.environment().find('first')).toBe('first');
  });

  it('an unknown key is no reason to refuse a token: it may be new', async () => {
    const world = createWorld();
    const { find, outcome } = world.environment();
    await find('first');
    world.isDown = true;
    expect(await outcome('second')).toBe('SIGNING_KEY_UNAVAILABLE');
    world.nowMs += 30_000;
    expect(await outcome('second')).toBe('SIGNING_KEY_UNAVAILABLE');
    world.isDown = false;
    world.published = keySetOf(first, second);
    world.nowMs += 30_000;
    expect(await find('second')).toBe('second');
  });

  it('a gateway without any keys responds 503, and recovers within seconds', async () => {
    const world = createWorld();
    const { find, outcome } = world.environment();
    world.isDown = true;
    expect(await outcome('first')).toBe('SIGNING_KEY_UNAVAILABLE');
    world.isDown = false;
    world.nowMs += 5_000;
    expect(await find('first')).toBe('first');
  });
});

describe('the shared store', () => {
  const failing = (of: Partial<IssuerKeyStore>): IssuerKeyStore => ({
    ...createMemoryIssuerKeys(),
    ...of,
  });
  const fail = async (): Promise<never> => {
    throw new Error('no store');
  };

  it.each<[string, IssuerKeyStore]>([
    ['cannot be read', failing({ find: fail })],
    ['cannot be written', failing({ claim: fail, keep: fail })],
    ['cannot be used', { find: fail, claim: fail, keep: fail }],
  ])('that %s does not keep a gateway from asking the provider', async (_, store) => {
    const world = createWorld(store);
    const { find } = world.environment();
    expect(await find('first')).toBe('first');
    world.published = keySetOf(first, second);
    expect(await find('second')).toBe('second');
    expect(world.storeFailures).not.toEqual([]);
  });

  it('with something else in place of keys is not used', async () => {
    const world = createWorld();
    await world.store.keep('issuer', { json: '{"keys":1}', readAtMs: world.nowMs - 1 }, 0);
    expect(await world.environment().find('first')).toBe('first');
  });

  it('gets only keys that can verify, without their certificates', async () => {
    const world = createWorld();
    const published = JSON.parse(keySetOf(first)) as { keys: object[] };
    const x5c = ['MIIB'.repeat(400)];
    world.published = JSON.stringify({
      keys: [...published.keys.map((key) => ({ ...key, x5c })), { kty: 'RSA', use: 'enc' }, 7],
    });
    await world.environment().find('first');
    const stored = await world.store.find('issuer', 0);
    const { kid, alg, jwk } = first;
    const { kty, crv, x, y } = jwk;
    expect(JSON.parse(stored?.keys?.json ?? '')).toEqual({
      keys: [{ kid, alg, kty, crv, x, y }],
    });
  });

  it('is not given what the provider published and nobody can use', async () => {
    const world = createWorld();
    const { find } = world.environment();
    await find('first');
    world.published = '{"keys":[]}';
    world.nowMs += hourMs;
    expect(await find('first')).toBe('first');
    expect(world.failures).toEqual([
      expect.objectContaining({ message: 'The JWK set has no key that verifies signatures' }),
    ]);
  });
});
