import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf } from '../local-cloud/process-identity.ts';
import { Killed } from '../command-line/command-error.ts';
import { withEnvironmentLock } from './environment-lock.ts';

let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'postern-lock-')), 'local-4566');
});

afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

describe('withEnvironmentLock', () => {
  it('refuses a second command while the first is at work, and lets it in afterwards', async () => {
    await withEnvironmentLock(folder, async () => {
      await expect(withEnvironmentLock(folder, async () => 'second')).rejects.toThrow(
        `process ${process.pid}`,
      );
    });
    expect(await withEnvironmentLock(folder, async ({ wasInterrupted }) => wasInterrupted)).toBe(
      false,
    );
  });

  it('is let go by a command that fails', async () => {
    await expect(
      withEnvironmentLock(folder, () => Promise.reject(new Error('no'))),
    ).rejects.toThrow('no');
    expect(existsSync(`${folder}.lock`)).toBe(false);
  });

  it('remembers that a program was killed at its work', async () => {
    const killed = () => Promise.reject(new Killed('killed'));
    await expect(withEnvironmentLock(folder, killed)).rejects.toThrow('killed');
    expect(existsSync(`${folder}.lock`)).toBe(true);
  });

  it('waits for a Terraform that outlived its command', async () => {
    const terraform = spawn('sleep', ['30']);
    writeFileSync(`${folder}.lock`, JSON.stringify([identityOf(terraform.pid ?? 0)]));
    await expect(withEnvironmentLock(folder, async () => 'second')).rejects.toThrow(
      `process ${terraform.pid}`,
    );
    terraform.kill('SIGKILL');
    await new Promise((resolve) => terraform.once('exit', resolve));
    expect(await withEnvironmentLock(folder, async ({ wasInterrupted }) => wasInterrupted)).toBe(
      true,
    );
  });
});
