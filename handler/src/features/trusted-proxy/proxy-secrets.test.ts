import { describe, expect, it, jest } from '@jest/globals';
import { createProxySecrets } from './proxy-secrets.ts';

const first = 'a'.repeat(32);
const second = 'b'.repeat(64);

const secretsOf = (...values: ReadonlyArray<string | Error>) => {
  let nowMs = 1_000_000;
  let reads = 0;
  const onReadFailure = jest.fn<(error: unknown) => void>();
  const secrets = createProxySecrets({
    readSecret: async () => {
      const value = values[Math.min(reads, values.length - 1)] ?? '';
      reads += 1;
      if (value instanceof Error) throw value;
      return value;
    },
    now: () => nowMs,
    onReadFailure,
  });
  const accept = (value: string) => secrets.accept(value, nowMs + 5_000);
  const pass = (ms: number) => void (nowMs += ms);
  return { accept, pass, reads: () => reads, onReadFailure, secrets };
};

const list = (...values: readonly unknown[]): string => JSON.stringify(values);

describe('the proxy’s secret', () => {
  it('may have several values, each of which is accepted, and nothing else', async () => {
    const { accept, reads } = secretsOf(list(first, second));
    expect(await accept(first)).toBe(true);
    expect(await accept(second)).toBe(true);
    for (const other of ['', 'a', `${first} `, first.toUpperCase(), `${first},${second}`]) {
      expect(await accept(other)).toBe(false);
    }
    expect(reads()).toBe(1);
  });

  it('is read again for an unknown value, once a minute at most, so that a new one counts without a deploy', async () => {
    const { accept, pass, reads } = secretsOf(list(first), list(first, second));
    expect(await accept(first)).toBe(true);
    pass(59_999);
    expect(await accept(second)).toBe(false);
    pass(1);
    expect(await accept(second)).toBe(true);
    expect(await accept(first)).toBe(true);
    for (let forged = 0; forged < 100; forged += 1) expect(await accept(`${forged}`)).toBe(false);
    expect(reads()).toBe(2);
  });

  it('is read again after five minutes, so that a removed value is refused', async () => {
    const { accept, pass, reads } = secretsOf(list(first, second), list(second));
    expect(await accept(first)).toBe(true);
    pass(5 * 60_000 - 1);
    expect(await accept(first)).toBe(true);
    pass(1);
    expect(await accept(first)).toBe(false);
    expect(await accept(second)).toBe(true);
    expect(reads()).toBe(2);
  });

  it('outlives a read that fails, which is reported', async () => {
    const { accept, pass, onReadFailure } = secretsOf(list(first), new Error('down'));
    expect(await accept(first)).toBe(true);
    pass(10 * 60_000);
    expect(await accept(first)).toBe(true);
    expect(await accept(second)).toBe(false);
    expect(onReadFailure).toHaveBeenCalled();
  });

  it('is 503, not 403, while it was never read', async () => {
    const { accept, reads } = secretsOf(new Error('down'), list(first));
    await expect(accept(first)).rejects.toMatchObject({
      code: 'PROXY_SECRET_UNAVAILABLE',
      status: 503,
      headers: { 'retry-after': '1' },
    });
    expect(await accept(first)).toBe(true);
    expect(reads()).toBe(2);
  });

  it.each([
    ['no JSON', first],
    ['a text', JSON.stringify(first)],
    ['an empty list', '[]'],
    ['a short value', list('short')],
    ['five values', list(...Array.from({ length: 5 }, () => first))],
    ['a value that no header can hold', list(`${first}\n`)],
    ['a number', list(1)],
    ['an object', JSON.stringify({ first })],
  ])('is not accepted as %s, and no word of it is reported', async (_, text) => {
    const { accept, onReadFailure } = secretsOf(text);
    await expect(accept(first)).rejects.toMatchObject({ code: 'PROXY_SECRET_UNAVAILABLE' });
    expect(String(onReadFailure.mock.calls[0]?.[0])).not.toContain('aaaa');
  });

  it('is read anew where Lambda froze the process in the middle of a read', async () => {
    let nowMs = 0;
    let reads = 0;
    const secrets = createProxySecrets({
      readSecret: async () => {
        reads += 1;
        return reads === 1 ? new Promise<string>(() => undefined) : list(first);
      },
      now: () => nowMs,
      onReadFailure: () => undefined,
    });
    void secrets.load(50).catch(() => undefined);
    nowMs = 60_000;
    expect(await secrets.accept(first, nowMs + 1_000)).toBe(true);
  });

  it('is read once more for a request that joined a read which failed late', async () => {
    let nowMs = 0;
    let fail: (error: Error) => void = () => undefined;
    let reads = 0;
    const secrets = createProxySecrets({
      readSecret: () => {
        reads += 1;
        return reads === 1
          ? new Promise((_, reject) => (fail = reject))
          : Promise.resolve(list(first));
      },
      now: () => nowMs,
      onReadFailure: () => undefined,
    });
    void secrets.load(3_000).catch(() => undefined);
    const accepted = secrets.accept(first, 5_000);
    nowMs = 1_000;
    fail(new Error('late'));
    expect(await accepted).toBe(true);
    expect(reads).toBe(2);
  });
});
