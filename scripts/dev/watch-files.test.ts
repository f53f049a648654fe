import { mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FileWatch, watchFiles } from './watch-files.ts';

describe('a watch of files', () => {
  let folder: string;
  let changes: number;
  let watch: FileWatch;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'watch-'));
    changes = 0;
    watch = watchFiles(() => (changes += 1));
  });
  afterEach(async () => {
    watch.close();
    await rm(folder, { recursive: true });
  });
  /** Does it, and waits for the first notice and for those that may follow. */
  const notices = async (change: () => Promise<unknown>): Promise<boolean> => {
    const before = changes;
    await change();
    for (let waitedMs = 0; changes === before && waitedMs < 5_000; waitedMs += 10) await sleep(10);
    await sleep(100);
    return changes > before;
  };

  it('notices files that are written, replaced, created and deleted', async () => {
    const [file, other] = [join(folder, 'a.yaml'), join(folder, 'b.yaml')];
    await writeFile(file, '1');
    watch.set([file, other, join(folder, 'no-such-folder/c.yaml')], Date.now() + 1_000);
    expect(await notices(() => writeFile(file, '2'))).toBe(true);
    const temporary = join(folder, 'temporary');
    await writeFile(temporary, '3');
    expect(await notices(() => rename(temporary, file))).toBe(true);
    expect(await notices(() => writeFile(other, '4'))).toBe(true);
    expect(await notices(() => rm(other))).toBe(true);
  });

  it('ignores other files of the folder, and files that it no longer watches', async () => {
    const [file, other] = [join(folder, 'a.yaml'), join(folder, 'b.yaml')];
    watch.set([file], Date.now());
    watch.set([other], Date.now());
    await writeFile(file, '1');
    await sleep(100);
    expect(changes).toBe(0);
    expect(await notices(() => writeFile(other, '1'))).toBe(true);
  });

  it('notices a file that changed after it was read, and before it was watched', async () => {
    const [file, other] = [join(folder, 'a.yaml'), join(folder, 'b.yaml')];
    await writeFile(file, '1');
    const readAtMs = Date.now() + 1_000;
    watch.set([file], readAtMs);
    await sleep(100);
    expect(changes).toBe(0);
    await writeFile(other, '1');
    await utimes(other, new Date(), new Date(readAtMs + 1));
    expect(await notices(async () => watch.set([file, other], readAtMs))).toBe(true);
    const noticed = changes;
    watch.set([file, other], readAtMs);
    await sleep(100);
    expect(changes).toBe(noticed);
  });
});
