import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectFolder } from '../../../stack/command-line/folders.ts';
import { mutationGroups } from './groups.ts';

const sourceFolder = join(projectFolder, 'handler/src');

/** `a/{b,c}.ts` is `a/b.ts` and `a/c.ts`: each must match, not only one of them. */
const alternatives = (pattern: string): readonly string[] => {
  const [braces, list = ''] = /\{([^}]+)\}/.exec(pattern) ?? [];
  if (braces === undefined) return [pattern];
  return list.split(',').flatMap((part) => alternatives(pattern.replace(braces, part)));
};

describe('the groups of mutations', () => {
  it.each(
    Object.entries(mutationGroups).flatMap(([group, { mutate, tests }]) =>
      [...mutate, ...tests].flatMap(alternatives).map((pattern) => [group, pattern] as const),
    ),
  )('%s: at least one file matches %s', (_, pattern) => {
    expect(globSync(pattern, { cwd: sourceFolder })).not.toEqual([]);
  });

  it('docs/mutation-survivors.md names only files and folders that exist', () => {
    const page = readFileSync(join(projectFolder, 'docs/mutation-survivors.md'), 'utf8');
    const named = [...page.matchAll(/`([\w-]+\/[\w{},/-]*(?:\.ts)?)`/g)].flatMap(([, path = '']) =>
      alternatives(path),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => globSync(path, { cwd: sourceFolder }).length === 0)).toEqual([]);
  });
});
