import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { quietly } from './step.ts';
import { findGoProgram } from './find-go-program.ts';

const path = process.env['PATH'];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-path-'));
  process.env['PATH'] = folder;
});
afterEach(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true });
});

const put = (name: string, script: string): void => {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
};

const find = (): Promise<string> =>
  quietly(() =>
    findGoProgram({
      name: 'no-such-program',
      module: 'example.com/no-such-program',
      version: 'v2.0.0',
      versionArgument: 'version',
      isSupported: (versionLine) => versionLine.startsWith('v2.'),
      howToGet: 'Get it.',
    }),
  );

describe('findGoProgram', () => {
  it('takes what is on the path and supported', async () => {
    put('no-such-program', 'echo v2.3.1');
    expect(await find()).toBe('no-such-program');
  });

  it('builds its own version if the one on the path is unsuitable', async () => {
    put('no-such-program', 'echo v1.9.0');
    put('go', '[ "$2" = example.com/no-such-program@v2.0.0 ] && [ -n "$GOBIN" ]');
    expect(await find()).toMatch(/\/bin\/no-such-program$/);
  });

  it('says what to do if Go is missing or fails', async () => {
    await expect(find()).rejects.toThrow('Neither no-such-program nor Go was found.\nGet it.');
    put('go', 'echo "no network" >&2; exit 1');
    await expect(find()).rejects.toThrow('could not build no-such-program:\nno network\nGet it.');
  });
});
