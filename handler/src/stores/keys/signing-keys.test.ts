import { afterEach, describe, expect, it, jest } from '@jest/globals';
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

const keysReading = (...responses: ReadonlyArray<string | Error>) => {
  let nowMs = 0;
  const remaining = [...responses];
  const readSecret = jest.fn(async () => {
    const response = remaining.length > 1 ? remaining.shift() : remaining[0];
    if (typeof response !== 'string') throw response ?? new Error('unexpected');
    return response;
  });
  const onReadFailure = jest.fn();
  const keys = createSigningKeys({ readSecret, now: () => nowMs, onReadFailure });
  return { keys, readSecret, onReadFailure, pass: (ms: number) => (nowMs += ms) };
};

describe('createSigningKeys', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('reads the secret once for many callers at once', async () => {
    const { keys, readSecret } = keysReading(secretOf('k1'));
    await Promise.all([keys.find('k1', soon), keys.find('k1', soon), keys.find('k1', soon)]);
    await keys.find('k1', soon);
    expect(readSecret).toHaveBeenCalledTimes(1);
  });

  it('reads again for an unknown kid, and at most once a minute', async () => {
    const { keys, readSecret, pass } = keysReading(secretOf('k1'), secretOf('k2', 'k1'));
    await keys.find('k1', soon);
    pass(59_999);
    expect(await keys.find('k2', soon)).toBeUndefined();
    expect(readSecret).toHaveBeenCalledTimes(1);
    pass(1);
    expect(await keys.find('k2', soon)).toBeDefined();
    for (let i = 0; i < 100; i += 1) expect(await keys.find('forged', soon)).toBeUndefined();
    expect(readSecret).toHaveBeenCalledTimes(2);
  });

  it('stops to accept a removed key within five minutes', async () => {
    const { keys, pass } = keysReading(secretOf('k1'), secretOf('k2'));
    await keys.find('k1', soon);
    pass(299_999);
    expect(await keys.find('k1', soon)).toBeDefined();
    pass(1);
    expect(await keys.find('k1', soon)).toBeUndefined();
  });

  it('keeps its keys and reports the failure when a later read fails', async () => {
    const down = new Error('down');
    const { keys, onReadFailure, pass } = keysReading(secretOf('k1'), down);
    await keys.find('k1', soon);
    expect(onReadFailure).not.toHaveBeenCalled();
    pass(300_000);
    expect(await keys.find('k1', soon + 300_000)).toBeDefined();
    expect(onReadFailure.mock.calls).toEqual([[down]]);
  });

  it('makes every request wait during a due read', async () => {
    const { keys, pass } = keysReading(secretOf('k1'), secretOf('k2'));
    await keys.find('k1', soon);
    pass(300_000);
    const found = await Promise.all([
      keys.find('k1', soon + 300_000),
      keys.find('k1', soon + 300_000),
    ]);
    expect(found).toEqual([undefined, undefined]);
  });

  it('stops to accept a removed key a minute after a failed read', async () => {
    const { keys, pass } = keysReading(secretOf('k1'), new Error('down'), secretOf('k2'));
    await keys.find('k1', soon);
    pass(300_000);
    await keys.find('k1', soon);
    pass(60_000);
    expect(await keys.find('k1', soon + 360_000)).toBeUndefined();
  });

  it('responds 503, not that the key is unknown, when the read for it fails', async () => {
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

  it('reads once per minute with a thousand unknown kids per second', async () => {
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

  it.each([
    ['a second and a half', 10_000, 1_500],
    ['no longer than its own deadline', 400, 400],
  ])('waits for newer keys %s', async (_, leftMs, waitsMs) => {
    jest.useFakeTimers();
    const never = new Promise<string>(() => undefined);
    const responses = [Promise.resolve(secretOf('k1')), never];
    let nowMs = 0;
    const keys = createSigningKeys({
      readSecret: async () => responses.shift() ?? never,
      now: () => nowMs,
      onReadFailure: () => undefined,
    });
    await keys.find('k1', soon);
    nowMs = 300_000;
    const settled = jest.fn();
    const known = keys.find('k1', nowMs + leftMs).finally(settled);
    const unknown = keys.find('k2', nowMs + leftMs).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(waitsMs - 1);
    expect(settled).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(await known).toBeDefined();
    expect(await unknown).toMatchObject({ status: 503 });
  });

  it('waits for a read in progress if the kid is unknown', async () => {
    const { keys } = keysReading(secretOf('k1'), secretOf('k1', 'k2'));
    await keys.find('k1', soon);
    const loaded = keys.load(soon);
    expect(await keys.find('k2', soon)).toBeDefined();
    await loaded;
  });

  it('does not wait past its deadline for a read that another request started', async () => {
    const keys = createSigningKeys({
      readSecret: () => new Promise(() => undefined),
      now: () => 0,
      onReadFailure: () => undefined,
    });
    void keys.load(500).catch(() => undefined);
    await expect(keys.find('k1', 20)).rejects.toMatchObject({ code: 'SIGNING_KEY_UNAVAILABLE' });
  });

  it('drops a read that was frozen with its environment past its deadline, and reads again', async () => {
    let nowMs = 0;
    const onReadFailure = jest.fn();
    let failFrozen: (error: Error) => void = () => undefined;
    const frozen = new Promise<string>((_, reject) => (failFrozen = reject));
    const readSecret = jest.fn(async () => secretOf('k1')).mockReturnValueOnce(frozen);
    const keys = createSigningKeys({ readSecret, now: () => nowMs, onReadFailure });
    void keys.load(5_000).catch(() => undefined);
    nowMs = 600_000; // Provisioned environments may be frozen this long before their first request.
    expect(await keys.find('k1', nowMs + 5_000)).toBeDefined();
    failFrozen(new Error('ATTEMPT_TIMEOUT')); // By the AWS client's own timer, which was frozen, too.
    await new Promise(setImmediate);
    expect(onReadFailure).not.toHaveBeenCalled();
    expect(await keys.find('k1', nowMs + 5_000)).toBeDefined();
    expect(readSecret).toHaveBeenCalledTimes(2);
  });

  it('ignores the result of a dropped read', async () => {
    let nowMs = 0;
    let endFrozen: (secret: string) => void = () => undefined;
    const frozen = new Promise<string>((resolve) => (endFrozen = resolve));
    const readSecret = jest.fn(async () => secretOf('k2')).mockReturnValueOnce(frozen);
    const keys = createSigningKeys({ readSecret, now: () => nowMs, onReadFailure: jest.fn() });
    void keys.load(5_000).catch(() => undefined);
    nowMs = 600_000;
    await keys.find('k2', nowMs + 5_000);
    endFrozen(secretOf('k1'));
    await new Promise(setImmediate);
    expect(await keys.find('k1', nowMs + 5_000)).toBeUndefined();
    expect(await keys.find('k2', nowMs + 5_000)).toBeDefined();
  });

  it('reads once more, for all requests that joined, when a read fails that may have been frozen', async () => {
    let failFirst: (error: Error) => void = () => undefined;
    const first = new Promise<string>((_, reject) => (failFirst = reject));
    const readSecret = jest.fn(async () => secretOf('k1')).mockReturnValueOnce(first);
    let nowMs = 0;
    const keys = createSigningKeys({ readSecret, now: () => nowMs, onReadFailure: jest.fn() });
    const started = keys.load(5_000);
    nowMs = 2_000;
    const joined = [keys.find('k1', 5_000), keys.find('k1', 5_000)];
    failFirst(new Error('the connection died in the frozen environment'));
    await expect(started).rejects.toMatchObject({ code: 'SIGNING_KEY_UNAVAILABLE' });
    expect(await Promise.all(joined)).not.toContain(undefined);
    expect(readSecret).toHaveBeenCalledTimes(2);
  });

  it('responds 503 when the read after a joined one fails too, without a third', async () => {
    const down = new Error('down');
    const { keys, readSecret, pass } = keysReading(down);
    const started = keys.load(5_000).catch(() => undefined);
    pass(1_000);
    await expect(keys.find('k1', 5_000)).rejects.toMatchObject({ cause: down });
    await started;
    expect(readSecret).toHaveBeenCalledTimes(2);
  });

  it('does not read again if a joined read failed at once, after the AWS client’s own retry', async () => {
    const { keys, readSecret } = keysReading(new Error('down'));
    const started = keys.load(5_000).catch(() => undefined);
    await expect(keys.find('k1', 5_000)).rejects.toMatchObject({ status: 503 });
    await started;
    expect(readSecret).toHaveBeenCalledTimes(1);
  });

  it('reads again when a joined read does not end by its deadline, which is before its own', async () => {
    jest.useFakeTimers();
    let nowMs = 0;
    const never = new Promise<string>(() => undefined);
    const readSecret = jest.fn(async () => secretOf('k1')).mockReturnValueOnce(never);
    const keys = createSigningKeys({ readSecret, now: () => nowMs, onReadFailure: jest.fn() });
    void keys.load(1_000).catch(() => undefined);
    const found = keys.find('k1', 5_000);
    nowMs = 1_000;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await found).toBeDefined();
  });

  it('does not read again if the joined read leaves only a millisecond', async () => {
    let failFirst: (error: Error) => void = () => undefined;
    const first = new Promise<string>((_, reject) => (failFirst = reject));
    const readSecret = jest.fn(async () => secretOf('k1')).mockReturnValueOnce(first);
    let nowMs = 0;
    const keys = createSigningKeys({ readSecret, now: () => nowMs, onReadFailure: jest.fn() });
    const started = keys.load(5_000).catch(() => undefined);
    nowMs = 2_499;
    const joined = keys.find('k1', 2_500);
    failFirst(new Error('late'));
    await expect(joined).rejects.toMatchObject({ code: 'SIGNING_KEY_UNAVAILABLE' });
    await started;
    expect(readSecret).toHaveBeenCalledTimes(1);
  });

  it('accepts a key until its not_after, and not a millisecond longer', async () => {
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

  it('responds 503 while no key was ever read, and recovers', async () => {
    const down = new Error('down');
    const { keys } = keysReading(down, secretOf('k1'));
    await expect(keys.find('k1', soon)).rejects.toMatchObject({
      status: 503,
      code: 'SIGNING_KEY_UNAVAILABLE',
      detail: 'Try again later.',
      headers: { 'retry-after': '1' },
      cause: down,
    });
    expect(await keys.find('k1', soon)).toBeDefined();
  });
});

describe('parseKeySet', () => {
  it('names the active key', () => {
    expect(parseKeySet(secretOf('k2', 'k1'))).toMatchObject({ activeKid: 'k2' });
  });

  const withKey = (changes: object) =>
    JSON.stringify({ active_kid: 'k1', keys: [jwk('k1', changes)] });

  it.each([
    ['hunter2 is the password', 'The signing secret is not JSON'],
    ['null', 'must be {"active_kid"'],
    ['"hunter2"', 'must be {"active_kid"'],
    ['{"keys":[]}', 'must be {"active_kid"'],
    ['{"active_kid":"k1","keys":{}}', 'must be {"active_kid"'],
    ['{"active_kid":"k1","keys":[]}', 'not the kid of one of its keys'],
    [JSON.stringify({ active_kid: 'k9', keys: [jwk('k1')] }), 'not the kid of one of its keys'],
    [
      JSON.stringify({ active_kid: 'k1', keys: [jwk('k1'), jwk('k1')] }),
      'two keys with the same kid',
    ],
    ['{"active_kid":"k1","keys":[null]}', 'RFC 7518'],
    [withKey({ kty: 'EC' }), 'RFC 7518'],
    [withKey({ kid: 7 }), 'RFC 7518'],
    [withKey({ kid: '' }), 'RFC 7518'],
    [withKey({ k: 7 }), 'RFC 7518'],
    [withKey({ k: 'c2hvcnQ' }), 'Key k1 has 5 bytes; HS256 needs 32'],
    [withKey({ k: Buffer.alloc(31).toString('base64url') }), 'Key k1 has 31 bytes'],
    [withKey({ not_after: 'soon' }), 'The not_after of key k1'],
    [withKey({ not_after: 1.5 }), 'The not_after of key k1'],
  ])('refuses %s and says why, without repeating it', (secret, reason) => {
    expect(() => parseKeySet(secret)).toThrow(reason);
    expect(() => parseKeySet(secret)).not.toThrow(/hunter2|c2hvcnQ|soon/);
  });
});
