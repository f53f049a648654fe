import { describe, expect, it, jest } from '@jest/globals';
import { createSigningKeys, parseKeySet } from './signing-keys.ts';

const jwk = (kid: string) => ({
  kty: 'oct',
  kid,
  alg: 'HS256',
  k: Buffer.alloc(32, kid).toString('base64url'),
});
const secretOf = (...kids: readonly string[]) =>
  JSON.stringify({ active_kid: kids[0], keys: kids.map(jwk) });

const keysReading = (...answers: ReadonlyArray<string | Error>) => {
  let nowMs = 0;
  const remaining = [...answers];
  const readSecret = jest.fn(async () => {
    const answer = remaining.length > 1 ? remaining.shift() : remaining[0];
    if (typeof answer !== 'string') throw answer ?? new Error('unexpected');
    return answer;
  });
  const keys = createSigningKeys({ readSecret, now: () => nowMs });
  return { keys, readSecret, pass: (ms: number) => (nowMs += ms) };
};

describe('createSigningKeys', () => {
  it('reads the secret once for many callers at once', async () => {
    const { keys, readSecret } = keysReading(secretOf('k1'));
    await Promise.all([keys.find('k1', 0), keys.find('k1', 0), keys.find('k1', 0)]);
    await keys.find('k1', 0);
    expect(readSecret).toHaveBeenCalledTimes(1);
  });

  it('reads again for an unknown kid, and at most once a minute', async () => {
    const { keys, readSecret, pass } = keysReading(secretOf('k1'), secretOf('k2', 'k1'));
    await keys.find('k1', 0);
    expect(await keys.find('k2', 0)).toBeUndefined();
    pass(60_000);
    expect(await keys.find('k2', 0)).toBeDefined();
    for (let i = 0; i < 100; i += 1) expect(await keys.find('forged', 0)).toBeUndefined();
    expect(readSecret).toHaveBeenCalledTimes(2);
  });

  it('forgets a dropped key within five minutes', async () => {
    const { keys, pass } = keysReading(secretOf('k1'), secretOf('k2'));
    await keys.find('k1', 0);
    pass(299_999);
    expect(await keys.find('k1', 0)).toBeDefined();
    pass(1);
    expect(await keys.find('k1', 0)).toBeUndefined();
  });

  it('keeps the keys it has where a re-read fails', async () => {
    const { keys, pass } = keysReading(secretOf('k1'), new Error('down'));
    await keys.find('k1', 0);
    pass(300_000);
    expect(await keys.find('k1', 0)).toBeDefined();
  });

  it('answers 503 where no key was ever read, and recovers', async () => {
    const { keys } = keysReading(new Error('down'), secretOf('k1'));
    await expect(keys.find('k1', 0)).rejects.toMatchObject({
      status: 503,
      code: 'SIGNING_KEY_UNAVAILABLE',
    });
    expect(await keys.find('k1', 0)).toBeDefined();
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
    [JSON.stringify({ active_kid: 'k1', keys: [{ kid: 'k1' }] }), 'RFC 7518'],
    [JSON.stringify({ active_kid: 'k1', keys: [{ ...jwk('k1'), k: 'c2hvcnQ' }] }), '5 bytes'],
  ])('refuses %s and says why, without repeating it', (secret, reason) => {
    expect(() => parseKeySet(secret)).toThrow(reason);
    expect(() => parseKeySet(secret)).not.toThrow(/hunter2|c2hvcnQ/);
  });
});
