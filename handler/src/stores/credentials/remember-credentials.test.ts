import { describe, expect, it } from '@jest/globals';
import type { Credential, Finding } from './credential-store.ts';
import { createMemoryCredentials } from './memory-credentials.ts';
import { rememberCredentials } from './remember-credentials.ts';

const day = Date.UTC(2026, 10, 29);
const startMs = day + 12 * 3_600_000;
const deadlineMs = startMs + 86_400_000;

const credential = (changes: Partial<Credential> = {}): Credential => ({
  id: 'api-key/one',
  consumer: 'acme',
  plan: undefined,
  scopes: [],
  secretHash: 'e3b0',
  expiresAtMs: undefined,
  lastUsedDayMs: undefined,
  ...changes,
});

const world = () => {
  const memory = createMemoryCredentials();
  const calls = { reads: 0, notes: [] as number[] };
  const clock = { nowMs: startMs };
  const state: { failure?: Error; gate?: Promise<void> } = {};
  const credentials = rememberCredentials(
    {
      find: async (id, by): Promise<Finding> => {
        calls.reads += 1;
        const found = await memory.find(id, by);
        await state.gate;
        if (state.failure) throw state.failure;
        return found;
      },
      noteUse: async (id, dayMs, by) => {
        calls.notes.push(dayMs);
        if (state.failure) throw state.failure;
        await memory.noteUse(id, dayMs, by);
      },
    },
    { now: () => clock.nowMs },
  );
  memory.put(credential());
  return { memory, calls, clock, state, credentials };
};

const find = ({ credentials }: ReturnType<typeof world>, id = 'api-key/one') =>
  credentials.find(id, deadlineMs);

describe('remembered credentials', () => {
  it('are read once a minute, unknown ids as well', async () => {
    const it = world();
    for (const id of ['api-key/one', 'api-key/none']) {
      it.calls.reads = 0;
      it.clock.nowMs = startMs;
      expect(it.credentials.recall(id)).toBeUndefined();
      const found = await find(it, id);
      it.clock.nowMs += 59_999;
      expect(await find(it, id)).toBe(found);
      expect(it.credentials.recall(id)).toBe(found);
      expect(it.calls.reads).toBe(1);
      it.clock.nowMs += 1;
      expect(it.credentials.recall(id)).toBeUndefined();
      await find(it, id);
      expect(it.calls.reads).toBe(2);
    }
  });

  it('that are revoked are gone 60 s after they were read, and that is remembered', async () => {
    const it = world();
    await find(it);
    it.memory.remove('api-key/one');
    it.clock.nowMs += 60_000;
    expect(await find(it)).toEqual({ problem: expect.any(String) });
    await find(it);
    expect(it.calls.reads).toBe(2);
    it.memory.put(credential());
    it.clock.nowMs += 60_000;
    expect(await find(it)).toMatchObject({ consumer: 'acme' });
  });

  it('count the minute from when they were asked for, not from a late response', async () => {
    const it = world();
    let open: () => void = () => undefined;
    it.state.gate = new Promise((resolve) => (open = resolve));
    const late = find(it);
    it.memory.remove('api-key/one');
    it.clock.nowMs += 60_000;
    open();
    await late;
    expect(it.credentials.recall('api-key/one')).toBeUndefined();
  });

  it('are read once for requests that come together', async () => {
    const it = world();
    await Promise.all([find(it), find(it), find(it)]);
    expect(it.calls.reads).toBe(1);
  });

  it('do not wait for a read whose deadline has passed, perhaps in a frozen environment', async () => {
    const it = world();
    it.state.gate = new Promise(() => undefined);
    void it.credentials.find('api-key/one', startMs + 100);
    it.clock.nowMs += 100;
    delete it.state.gate;
    expect(await find(it)).toMatchObject({ consumer: 'acme' });
  });

  it('are read again after a failed read', async () => {
    const it = world();
    it.state.failure = new Error('down');
    await expect(find(it)).rejects.toBe(it.state.failure);
    delete it.state.failure;
    expect(await find(it)).toMatchObject({ consumer: 'acme' });
  });

  it('stay remembered however many made-up ids are sent', async () => {
    const it = world();
    await find(it);
    for (let count = 0; count < 50_000; count += 1) await find(it, `api-key/made-up-${count}`);
    it.calls.reads = 0;
    await find(it);
    expect(it.calls.reads).toBe(0);
  });

  it('note their use once a day, without a wait', async () => {
    const it = world();
    const use = async (): Promise<void> => {
      const found = (await find(it)) as Credential;
      expect(it.credentials.noteUse(found, deadlineMs)).toBeUndefined();
    };
    await use();
    await use();
    expect(it.calls.notes).toEqual([day]);
    it.clock.nowMs += 3_600_000;
    await use();
    expect(it.calls.notes).toEqual([day]);
    it.clock.nowMs += 12 * 3_600_000;
    await use();
    await use();
    expect(it.calls.notes).toEqual([day, day + 86_400_000]);
    expect(await it.memory.find('api-key/one', 0)).toMatchObject({
      lastUsedDayMs: day + 86_400_000,
    });
  });

  it('note their use again after the next read, if the note was lost', async () => {
    const it = world();
    const found = (await find(it)) as Credential;
    it.state.failure = new Error('down');
    it.credentials.noteUse(found, deadlineMs);
    delete it.state.failure;
    it.credentials.noteUse((await find(it)) as Credential, deadlineMs);
    expect(it.calls.notes).toHaveLength(1);
    it.clock.nowMs += 60_000;
    it.credentials.noteUse((await find(it)) as Credential, deadlineMs);
    expect(it.calls.notes).toHaveLength(2);
  });
});
