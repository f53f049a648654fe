import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { allowed, judgeConcurrency } from './aws-checks.ts';
import { describeFindings, diagnose } from './diagnose.ts';
import { requireNode, requireOneVersion } from './machine-checks.ts';

const fails = async (): Promise<string> => {
  throw new CommandError('It is missing.\nInstall it.');
};

describe('the doctor', () => {
  it('runs every check, and those behind one only if it passed', async () => {
    const then = () => [{ name: 'c', check: async () => 'c is fine' }];
    const findings = await diagnose([
      {
        name: 'a',
        check: async () => '1',
        then: (found) => [{ name: 'b', check: async () => `after ${found}` }],
      },
      { name: 'bad', check: fails, then },
      { name: 'd', check: async () => 'd is fine' },
    ]);
    expect(findings).toEqual([
      { name: 'a', ok: true, found: '1' },
      { name: 'b', ok: true, found: 'after 1' },
      { name: 'bad', ok: false, found: 'It is missing.\nInstall it.' },
      { name: 'd', ok: true, found: 'd is fine' },
    ]);
    expect(describeFindings(findings)).toBe(
      [
        '✓ a    1',
        '✓ b    after 1',
        '✗ bad  It is missing.',
        '       Install it.',
        '✓ d    d is fine',
        '',
        '1 problem.',
      ].join('\n'),
    );
  });

  it('reports a bug as a bug', async () => {
    const check = async (): Promise<string> => {
      throw new TypeError('bug');
    };
    await expect(diagnose([{ name: 'a', check }])).rejects.toThrow('bug');
  });

  it('says so when nothing is wrong', () => {
    expect(describeFindings([{ name: 'a', ok: true, found: '1' }])).toContain('Nothing is wrong.');
  });
});

describe('the check of Node', () => {
  it.each(['20.15.0', '20.20.2', '22.0.0'])('accepts %s', (version) => {
    expect(requireNode(version, '20.15')).toBe(version);
  });

  it.each(['18.20.0', '20.14.0'])('rejects %s, and says where to get a newer one', (version) => {
    expect(() => requireNode(version, '20.15')).toThrow(
      `Node ${version} is too old; version 20.15 or newer is needed. Get it: https://nodejs.org`,
    );
  });
});

describe('the check of the package', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const project = (wanted: string | undefined, installed: string | undefined): string => {
    const devDependencies = wanted === undefined ? {} : { postern: wanted };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ devDependencies }));
    if (installed !== undefined) {
      mkdirSync(join(folder, 'node_modules', 'postern'), { recursive: true });
      const file = join(folder, 'node_modules', 'postern', 'package.json');
      writeFileSync(file, JSON.stringify({ version: installed }));
    }
    return folder;
  };

  it.each(['1.2.3', '^1.0.0', 'file:../postern-1.2.3.tgz'])(
    'accepts what package.json names as %s',
    (wanted) => expect(requireOneVersion(project(wanted, '1.2.3'))).toBe('1.2.3'),
  );

  it.each([
    [undefined, '1.0.0', 'npm install --save-dev postern'],
    ['1.0.0', undefined, 'It is not installed in this project'],
    ['1.1.0', '1.0.0', 'package.json has 1.1.0, and 1.0.0 is installed. Run: npm install'],
  ])('rejects %s where %s is installed', (wanted, installed, message) => {
    expect(() => requireOneVersion(project(wanted, installed))).toThrow(message);
  });
});

describe('the checks of the account', () => {
  it('need a quota that a burst of requests does not exhaust', () => {
    expect(judgeConcurrency(1_000)).toBe('1,000 concurrent executions');
    expect(() => judgeConcurrency(10)).toThrow(/^10 concurrent executions .*quotas\/L-B99A9384$/s);
  });

  it('name the permission that the caller lacks', async () => {
    const denied = Object.assign(new Error('User x is not authorized'), {
      name: 'AccessDeniedException',
    });
    await expect(allowed('dynamodb:ListTables', () => Promise.reject(denied))).rejects.toThrow(
      'User x is not authorized\nGive the caller dynamodb:ListTables',
    );
    const down = new Error('getaddrinfo ENOTFOUND');
    await expect(allowed('dynamodb:ListTables', () => Promise.reject(down))).rejects.toThrow(
      'dynamodb:ListTables failed: getaddrinfo ENOTFOUND',
    );
    expect(await allowed('dynamodb:ListTables', async () => 1)).toBe(1);
  });
});
