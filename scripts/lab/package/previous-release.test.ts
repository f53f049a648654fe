import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { previousRelease } from './previous-release.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'releases-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const author = [
  '-c',
  'user.name=a',
  '-c',
  'user.email=a@example.com',
  '-c',
  'commit.gpgsign=false',
];
const git = (...args: readonly string[]): string =>
  execFileSync('git', [...author, ...args], { cwd: folder, encoding: 'utf8' }).trim();

const commit = (...tags: readonly string[]): string => {
  git('commit', '--quiet', '--allow-empty', '--message', 'a');
  for (const tag of tags) git('tag', tag);
  return git('rev-parse', 'HEAD');
};

describe('the release before', () => {
  it('is the newest tag v0.* before the current commit', () => {
    git('init', '--quiet');
    commit('v0.9.0');
    const newest = commit('v0.10.0', 'v1.0.0');
    commit('v0.11.0');
    expect(previousRelease(folder)).toEqual({ name: 'v0.10.0', commit: newest });
  });

  it('is unknown in a clone without tags and history, and without Git', () => {
    expect(previousRelease(folder)).toBeUndefined();
    git('init', '--quiet');
    commit();
    expect(previousRelease(folder)).toBeUndefined();
  });
});
