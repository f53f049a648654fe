import { describe, expect, it, jest } from '@jest/globals';
import { createSigningKeys, parseKeySet } from './signing-keys.ts';

const jwk = (kid: string, changes: object = {}) => ({
  kty: 'oct',
  kid,
  alg: 'HS256',
  k: Buffer.alloc(32, kid).toString('base64url'),
  ...changes,
});
const soon = 1_000;

const secretOf = (...kids: readonly string[]) =>
  JSON.stringify({ active_kid: kids[0], keys: kids.map((kid) => jwk(kid)) });

const keysReading = (...answers: ReadonlyArray<string | Error>) => {
  let nowMs = 0;
  const remaining = [...answers];
  const readSecret = jest.fn(async () => {
    const answer = remaining.length > 1 ? remaining.shift() : remaining[0];
    if (typeof answer !== 'string') throw answer ?? new Error('unexpected');
    return answer;
  });
  const onReadFailure = jest.fn();
  const keys = createSigningKeys({ readSecret, now: () => nowMs, onReadFailure });
  return { keys, readSecret, onReadFailure, pass: (ms: number) => (nowMs += ms) };
};

describe('createSigningKeys', () => {
  it('reads the secret once for many callers at once', async () => {
    const { keys, readSecret } = keysReading(secretOf('k1'));
    await Promise.all([keys.find('k1', soon), keys.find('k1', soon), keys.find('k1', soon)]);
    await keys.find('k1', soon);
    expect(readSecret).toHaveBeenCalledTimes(1);
  });

  it('reads again for an unknown kid, and at most once a minute', async () => {
    const { keys, readSecret, pass } = keysReading(secretOf('k1'), secretOf('k2', 'k1'));
    await keys.find('k1', soon);
    expect(await keys.find('k2', soon)).toBeUndefined();
    pass(60_000);
    expect(await keys.find('k2', soon)).toBeDefined();
    for (let i = 0; i < 100; i += 1) expect(await keys.find('forged', soon)).toBeUndefined();
    expect(readSecret).toHaveBeenCalledTimes(2);
  });

  it('forgets a dropped key within five minutes', async () => {
    const { keys, pass } = keysReading(secretOf('k1'), secretOf('k2'));
    await keys.find('k1', soon);
    pass(299_999);
    expect(await keys.find('k1', soon)).toBeDefined();
    pass(1);
    expect(await keys.find('k1', soon)).toBeUndefined();
  });

  it('keeps the keys it has where a re-read fails, and tells of it', async () => {
    const down = new Error('down');
    const { keys, onReadFailure, pass } = keysReading(secretOf('k1'), down);
    await keys.find('k1', soon);
    expect(onReadFailure).not.toHaveBeenCalled();
    pass(300_000);
    expect(await keys.find('k1', soon + 300_000)).toBeDefined();
    expect(onReadFailure.mock.calls).toEqual([[down]]);
  });

  it('lets no request by while the keys that are due are read', async () => {
    const { keys, pass } = keysReading(secretOf('k1'), secretOf('k2'));
    await keys.find('k1', soon);
    pass(300_000);
    const found = await Promise.all([
      keys.find('k1', soon + 300_000),
      keys.find('k1', soon + 300_000),
    ]);
    expect(found).toEqual([undefined, undefined]);
  });

  it('forgets a dropped key a minute after a re-read that failed', async () => {
    const { keys, pass } = keysReading(secretOf('k1'), new Error('down'), secretOf('k2'));
    await keys.find('k1', soon);
    pass(300_000);
    await keys.find('k1', soon);
    pass(60_000);
    expect(await keys.find('k1', soon + 360_000)).toBeUndefined();
  });

  it('answers 503, not that there is no such key, where the re-read for it fails', async () => {
    const { keys, readSecret, pass } = keysReading(
      secretOf('k1'),
      new Error('down'),
      secretOf('k2', 'k1'),
    );
    await keys.find('k1', soon);
    pass(60_000);
    for (let i = 0; i < 3; i += 1) {
      await expect(keys.find('k2', soon)).rejects.toMatchObject({
        code: 'SIGNING_KEY_UNAVAILABLE',
      });
    }
    expect(readSecret).toHaveBeenCalledTimes(2);
    pass(60_000);
    expect(await keys.find('k2', soon)).toBeDefined();
  });

  it('reads once a minute, though a thousand unknown kids come each second', async () => {
    const { keys, readSecret, pass } = keysReading(secretOf('k1'));
    await keys.find('k1', soon);
    let found = 0;
    for (let forged = 0; forged < 5 * 60_000; forged += 1) {
      if ((await keys.find(`forged-${forged}`, forged + 2_000)) !== undefined) found += 1;
      pass(1);
    }
    expect(found).toBe(0);
    expect(readSecret).toHaveBeenCalledTimes(5);
  });

  it('waits for newer keys a second and a half, and no longer than its own deadline', async () => {
    const never = new Promise<string>(() => undefined);
    let nowMs = 0;
    const answers = [Promise.resolve(secretOf('k1')), never];
    const readSecret = async () => answers.shift() ?? never;
    const keys = createSigningKeys({ readSecret, now: () => nowMs });
    await keys.find('k1', soon);
    nowMs = 300_000;
    const startedAtMs = performance.now();
    expect(await keys.find('k1', nowMs + 40)).toBeDefined();
    await expect(keys.find('k2', nowMs + 40)).rejects.toMatchObject({ status: 503 });
    expect(performance.now() - startedAtMs).toBeLessThan(400);
  });

  it('does not wait past its deadline for a read that another began', async () => {
    const keys = createSigningKeys({
      readSecret: () => new Promise(() => undefined),
      now: () => 0,
    });
    void keys.load(500).catch(() => undefined);
    await expect(keys.find('k1', 20)).rejects.toMatchObject({ code: 'SIGNING_KEY_UNAVAILABLE' });
  });

  it('lets a key verify until its not_after, and not a moment longer', async () => {
    const secret = JSON.stringify({
      active_kid: 'k2',
      keys: [jwk('k1', { not_after: 100 }), jwk('k2')],
    });
    const { keys, readSecret, pass } = keysReading(secret);
    await keys.find('k1', soon);
    pass(99_999);
    expect(await keys.find('k1', soon + 99_999)).toBeDefined();
    pass(1);
    expect(await keys.find('k1', soon + 100_000)).toBeUndefined();
    expect(await keys.find('k2', soon + 100_000)).toBeDefined();
    expect(readSecret).toHaveBeenCalledTimes(1);
  });

  it('answers 503 where no key was ever read, and recovers', async () => {
    const { keys } = keysReading(new Error('down'), secretOf('k1'));
    await expect(keys.find('k1', soon)).rejects.toMatchObject({
      status: 503,
      code: 'SIGNING_KEY_UNAVAILABLE',
    });
    expect(await keys.find('k1', soon)).toBeDefined();
  });
});

describe('parseKeySet', () => {
  it('names the active key', () => {
    expect(parseKeySet(secretOf('k2', 'k1'))).toMatchObject({ activeKid: 'k2' });
  });

  it.each([
    ['hunter2 is the password', 'not JSON'],
    ['null', 'must be'],
    ['{"keys":[]}', 'must be'],
    [JSON.stringify({ active_kid: 'k9', keys: [jwk('k1')] }), 'none of its keys'],
    [JSON.stringify({ active_kid: 'k1', keys: [jwk('k1'), jwk('k1')] }), 'two keys of one kid'],
    [JSON.stringify({ active_kid: 'k1', keys: [jwk('k1', { not_after: 'soon' })] }), 'not_after'],
    [JSON.stringify({ active_kid: 'k1', keys: [{ kid: 'k1' }] }), 'RFC 7518'],
    [JSON.stringify({ active_kid: 'k1', keys: [{ ...jwk('k1'), k: 'c2hvcnQ' }] }), '5 bytes'],
  ])('refuses %s and says why, without repeating it', (secret, reason) => {
    expect(() => parseKeySet(secret)).toThrow(reason);
    expect(() => parseKeySet(secret)).not.toThrow(/hunter2|c2hvcnQ/);
  });
});
