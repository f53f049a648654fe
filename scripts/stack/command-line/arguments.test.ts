import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { duration, flag, number, readArguments } from './arguments.ts';
import { projectFolder } from './folders.ts';

describe('readArguments', () => {
  it('returns what was typed, and nothing for an empty value', () => {
    const typed = ['ENV=local', 'ROUTE=GET /a=b', 'USER='];
    expect(readArguments(['ENV', 'ROUTE', 'USER'], typed)).toEqual({
      ENV: 'local',
      ROUTE: 'GET /a=b',
    });
  });

  it('rejects an argument that the command does not have, and names the nearest', () => {
    expect(() => readArguments(['ENV', 'ROLES'], ['ROLE=user'])).toThrow(
      'no argument ROLE — did you mean "ROLES"?',
    );
    expect(() => readArguments([], ['ENV=local'])).toThrow('no argument ENV; it takes none');
  });

  it('runs nothing for --help, and names what lists the arguments', () => {
    expect(() => readArguments(['PORT'], ['--help'])).toThrow('make help-all lists the commands');
  });

  it.each([
    ['TTL_HOURS=8', 'TTL_HOURS is now TTL'],
    ['KEEP_HOURS=720', 'KEEP_HOURS is now KEEP'],
  ])('names the new name for %s', (typed, message) => {
    expect(() => readArguments(['TTL', 'KEEP'], [typed])).toThrow(message);
  });
});

describe('a typed value', () => {
  it.each([
    ['0', false],
    ['false', false],
    ['', false],
    ['1', true],
    ['true', true],
  ])('%j as a flag is %s', (text, value) => {
    expect(flag(text, 'NOW', !value)).toBe(value);
  });

  it('is rejected as a flag when it is neither on nor off', () => {
    expect(() => flag('soon', 'NOW')).toThrow('NOW is "soon"; it is 1 or 0.');
  });

  const range = { usual: '8h', least: '1s', most: '30d' };

  it.each([
    [undefined, 28_800_000],
    ['300000ms', 300_000],
    ['5s', 5_000],
    ['10m', 600_000],
    ['30d', 2_592_000_000],
  ])('%s as a duration has %s ms', (text, ms) => {
    expect(duration(text, 'TTL', range)).toBe(ms);
  });

  it.each(['8', '500ms', '31d', '1.5h', 'long'])('%s is rejected as a duration', (text) => {
    expect(() => duration(text, 'TTL', range)).toThrow(
      `TTL is "${text}"; it is a duration from 1s to 30d, such as 8h.`,
    );
  });

  it.each(['', ' ', 'x', '101', '0', '2.5'])('%j is rejected as a whole number', (text) => {
    expect(() => number(text, 'N', { usual: 5, least: 1, most: 100, isWhole: true })).toThrow(
      'it is a whole number from 1 to 100, such as 5.',
    );
  });
});

describe('make', () => {
  const env = { PATH: process.env['PATH'], USER: 'root', ENV: 'prod', NOW: '1' };

  it('passes typed arguments with any characters, and no exported variables', () => {
    const user = `a "b" \`c\` 'd'; e`;
    const typed = ['NODE=printf "<%s>" ', `USER=${user}`, 'ROLES=user'];
    const options = { cwd: projectFolder, env, encoding: 'utf8' } as const;
    const [, , ...received] = execFileSync('make', ['session', ...typed], options)
      .slice(1, -1)
      .split('><');
    expect(received.toSorted()).toEqual(['ROLES=user', `USER=${user}`]);
  });

  it.each([
    ['workflows', 'lint-workflows'],
    ['dependencies', 'audit'],
  ])('says that %s is now %s', (old, now) => {
    const { status, stderr } = spawnSync('make', [old], { cwd: projectFolder, encoding: 'utf8' });
    expect(status).not.toBe(0);
    expect(stderr).toContain(`make ${old} is now make ${now}`);
  });

  it('lists thirteen targets for users, and every target with help-all', () => {
    const help = (target: string): readonly string[] =>
      execFileSync('make', [target], { cwd: projectFolder, encoding: 'utf8' })
        .split('\n')
        .filter((line) => /^ {2}make [a-z]/.test(line));
    expect(help('help').filter((line) => !line.includes('help-all'))).toHaveLength(13);
    expect(help('help-all')).toHaveLength(45);
  });
});
