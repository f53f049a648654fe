import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseKeySet } from '../../../handler/src/stores/keys/signing-keys.ts';
import { overlapSeconds, type StoredKeys } from './stored-keys.ts';
import { dropKeys, replaceKeys, rotateKeys } from './rotate-keys.ts';
import { readRotationRequest } from './rotation-request.ts';

const jwk = (kid: string, times: object = {}) => ({
  kty: 'oct',
  kid,
  alg: 'HS256',
  k: randomBytes(32).toString('base64url'),
  ...times,
});

/** A secret in memory, and a clock that moves only while a command waits. */
const secretHolding = (text: string) => {
  let nowSeconds = 1_800_000_000;
  const written: StoredKeys[] = [];
  const waits: number[] = [];
  const state = { text };
  const dependencies = {
    secret: {
      read: async () => state.text,
      write: async (keys: StoredKeys) => {
        written.push(keys);
        state.text = JSON.stringify(keys);
        parseKeySet(state.text); // What the gateway cannot read is never written.
      },
    },
    now: () => nowSeconds,
    waitSeconds: async (seconds: number) => {
      waits.push(seconds);
      nowSeconds += seconds;
    },
    report: () => undefined,
  };
  return {
    dependencies,
    written,
    waits,
    state,
    pass: (seconds: number) => (nowSeconds += seconds),
  };
};
const onlyK1 = () => JSON.stringify({ active_kid: 'k1', keys: [jwk('k1')] });
const kids = ({ keys }: StoredKeys) => keys.map(({ kid }) => kid);

describe('rotateKeys', () => {
  it('publishes a key, waits for every environment, has it sign, and gives the old one an end', async () => {
    const { dependencies, written, waits } = secretHolding(onlyK1());
    const kid = await rotateKeys(dependencies, 7_200);
    expect(waits).toEqual([330]);
    expect(written).toMatchObject([
      { active_kid: 'k1', keys: [{ kid: 'k1' }, { kid, published_at: 1_800_000_000 }] },
      { active_kid: kid, keys: [{ kid: 'k1', not_after: 1_800_000_330 + 7_200 }, { kid }] },
    ]);
    expect(written[1]?.keys[1]).not.toHaveProperty('not_after');
  });

  it('continues with a key that an interrupted run had published', async () => {
    const holding = secretHolding(onlyK1());
    const killed = {
      ...holding.dependencies,
      waitSeconds: () => Promise.reject(new Error('killed')),
    };
    await expect(rotateKeys(killed, 60)).rejects.toThrow('killed');
    holding.pass(100);
    const kid = await rotateKeys(holding.dependencies, 60);
    expect(holding.waits).toEqual([overlapSeconds - 100]);
    expect(kids(JSON.parse(holding.state.text) as StoredKeys)).toEqual(['k1', kid]);
  });

  it('drops what an earlier rotation left, once its time is over, and gives no key more time', async () => {
    const { dependencies, state, pass } = secretHolding(onlyK1());
    const second = await rotateKeys(dependencies, 1_000);
    pass(10);
    const third = await rotateKeys(dependencies, 1_000);
    const { keys } = JSON.parse(state.text) as StoredKeys;
    expect(keys.map(({ kid, not_after: end }) => [kid, end])).toEqual([
      ['k1', 1_800_000_330 + 1_000],
      [second, 1_800_000_670 + 1_000],
      [third, undefined],
    ]);
    pass(1_000);
    const fourth = await rotateKeys(dependencies, 1_000);
    expect(kids(JSON.parse(state.text) as StoredKeys)).toEqual([third, fourth]);
  });

  it('does not sign with a key that another command has replaced', async () => {
    const { dependencies, state } = secretHolding(onlyK1());
    const waitSeconds = async () => void (await replaceKeys(dependencies));
    await expect(rotateKeys({ ...dependencies, waitSeconds }, 60)).rejects.toThrow('no longer in');
    expect(kids(JSON.parse(state.text) as StoredKeys)).toHaveLength(1);
  });

  it.each(['', 'nothing', '{"active_kid":"k1","keys":[]}'])(
    'builds nothing upon a secret of %j, and says how to replace it',
    async (text) => {
      const { dependencies, written } = secretHolding(text);
      await expect(rotateKeys(dependencies, 60)).rejects.toThrow('NOW=1');
      expect(written).toEqual([]);
    },
  );
});

describe('dropKeys', () => {
  it('removes expired keys, never the signing one, and writes nothing if there are none', async () => {
    const over = { not_after: 1_799_999_999 };
    const keys = [jwk('k1', over), jwk('k2', { not_after: 1_800_000_001 }), jwk('k3', over)];
    const { dependencies, written } = secretHolding(JSON.stringify({ active_kid: 'k3', keys }));
    expect(await dropKeys(dependencies)).toEqual(['k1']);
    expect(await dropKeys(dependencies)).toEqual([]);
    expect(written.map(kids)).toEqual([['k2', 'k3']]);
  });
});

describe('replaceKeys', () => {
  it.each([onlyK1(), '', 'nothing'])('leaves one new key in the place of %j', async (text) => {
    const { dependencies, written } = secretHolding(text);
    const kid = await replaceKeys(dependencies);
    expect(written).toMatchObject([{ active_kid: kid, keys: [{ kid, kty: 'oct', alg: 'HS256' }] }]);
    expect(parseKeySet(JSON.stringify(written[0])).byKid.get(kid)?.key.symmetricKeySize).toBe(48);
  });
});

describe('readRotationRequest', () => {
  it('keeps old keys for the longest lifetime of a session, and one more hour for a login service that still signs with them', () => {
    expect(readRotationRequest({})).toEqual({ kind: 'rotate', keepSeconds: 721 * 3_600 });
    expect(readRotationRequest({ KEEP: '8h' })).toEqual({
      kind: 'rotate',
      keepSeconds: 32_400,
    });
    expect(readRotationRequest({ NOW: '0' }).kind).toBe('rotate');
    expect(readRotationRequest({ NOW: '1' })).toEqual({ kind: 'replace' });
    expect(readRotationRequest({ DROP: '1' })).toEqual({ kind: 'drop' });
  });

  it.each([
    [{ KEEP: '720' }, 'KEEP is "720"'],
    [{ KEEP: '31d' }, 'from 1s to 30d'],
    [{ NOW: '1', DROP: '1' }, 'leave DROP out'],
  ])('refuses %j', (variables, message) => {
    expect(() => readRotationRequest(variables)).toThrow(message);
  });
});
