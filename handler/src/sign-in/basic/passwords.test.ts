import { describe, expect, it, jest } from '@jest/globals';
import { type fitsHash, readHash } from './password-hash.ts';
import { createPasswords } from './passwords.ts';

const hash = `$scrypt$ln=4,r=8,p=1$U29kaXVtQ2hsb3JpZGU$${'A'.repeat(43)}`;

const world = (work?: typeof fitsHash) => {
  const clock = { nowMs: 1_000_000 };
  const fits = jest.fn<typeof fitsHash>(work ?? (async (password) => password === 'right'));
  const passwords = createPasswords({ now: () => clock.nowMs, fits });
  const verify = (
    password: string,
    changes: Partial<Parameters<typeof passwords.verify>[0]> = {},
  ) => passwords.verify({ user: 'bob', password, hash, client: 'ip#198.51.100.7', ...changes });
  return { clock, fits, verify };
};

describe('the password of a consumer', () => {
  it('is computed once, until the hash is another', async () => {
    const { fits, verify, clock } = world();
    for (let count = 0; count < 5; count += 1) expect(await verify('right')).toBe(true);
    clock.nowMs += 86_400_000;
    expect(await verify('right')).toBe(true);
    expect(fits).toHaveBeenCalledTimes(1);
    const other = hash.replace('ln=4', 'ln=5');
    expect(await verify('right', { hash: other })).toBe(true);
    expect(fits).toHaveBeenCalledTimes(2);
    expect(fits.mock.calls.map(([, { parameters }]) => parameters.N)).toEqual([16, 32]);
  });

  it('that is wrong is computed once as well', async () => {
    const { fits, verify } = world();
    for (let count = 0; count < 20; count += 1) expect(await verify('wrong')).toBe(false);
    expect(fits).toHaveBeenCalledTimes(1);
  });

  it('is that of one user only', async () => {
    const { fits, verify } = world();
    await verify('right');
    await verify('right', { user: 'eve' });
    await verify('b:right', { user: 'bo' });
    expect(fits).toHaveBeenCalledTimes(3);
  });

  it('of an unknown user takes the work of a new hash, and is wrong', async () => {
    const { fits, verify } = world(async () => true);
    fits.mockResolvedValue(false);
    expect(await verify('right', { hash: undefined })).toBe(false);
    expect(fits.mock.calls[0]?.[1].parameters).toEqual({ N: 2 ** 14, r: 8, p: 5 });
    expect(readHash(hash)?.parameters).not.toEqual({ N: 2 ** 14, r: 8, p: 5 });
  });
});

describe('an address with wrong passwords', () => {
  it('costs ten computations a minute, and its verified passwords still pass', async () => {
    const { fits, verify, clock } = world();
    expect(await verify('right')).toBe(true);
    for (let guess = 0; guess < 10; guess += 1) expect(await verify(`wrong ${guess}`)).toBe(false);
    await expect(verify('one more')).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      headers: { 'retry-after': '60' },
    });
    for (const changes of [{ user: 'eve' }, { user: 'none', hash: undefined }])
      await expect(verify('one more', changes)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(fits).toHaveBeenCalledTimes(11);
    expect(await verify('right')).toBe(true);
    expect(await verify('from elsewhere', { client: 'ip#203.0.113.9' })).toBe(false);
    clock.nowMs += 60_000;
    expect(await verify('one more')).toBe(false);
  });
});

describe('passwords at the same time', () => {
  it('are computed one after the other, and not more than eight wait', async () => {
    let running = 0;
    let most = 0;
    const { verify } = world(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return true;
    });
    const attempts = Array.from({ length: 12 }, (_, index) => verify(`password ${index}`));
    const results = await Promise.allSettled(attempts);
    expect(most).toBe(1);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
    expect(results.at(-1)).toMatchObject({ reason: { code: 'DEADLINE_EXCEEDED' } });
    expect(await verify('afterwards')).toBe(true);
  });

  it('do not wait for one that failed', async () => {
    let count = 0;
    const { verify } = world(async () => {
      count += 1;
      if (count === 1) throw new Error('no memory');
      return true;
    });
    const [first, second] = await Promise.allSettled([verify('one'), verify('two')]);
    expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
  });
});
