import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepSecret, newSecret, readSecret } from './secret.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-secret-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);

describe('the secret of a local stack', () => {
  it('is another one each time, of 256 bits', () => {
    expect(newSecret()).not.toBe(newSecret());
    expect(Buffer.from(newSecret(), 'base64url')).toHaveLength(32);
  });

  it('is readable only by its user, even if a file with a wider mode exists', () => {
    const stack = join(folder, 'local-4566');
    expect(readSecret(stack)).toBeUndefined();
    keepSecret(stack, 'first');
    chmodSync(join(stack, 'secret'), 0o644);
    keepSecret(stack, 'second');
    expect(readSecret(stack)).toBe('second');
    expect(modeOf(join(stack, 'secret'))).toBe('600');
  });
});
