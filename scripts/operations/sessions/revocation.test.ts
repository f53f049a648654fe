import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { readRevocation } from './revocation.ts';

const token = `e30.${Buffer.from('{"sid":"abc"}').toString('base64url')}.x`;

describe('readRevocation', () => {
  it('is of one session by its token, or of a user', () => {
    expect(readRevocation({ TOKEN: token })).toMatchObject({
      kind: 'session',
      key: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    });
    expect(readRevocation({ SESSION_USER: 'alice' })).toEqual({ kind: 'user', userId: 'alice' });
    expect(readRevocation({ SESSION_USER: 'Ana María' })).toMatchObject({ userId: 'Ana María' });
  });

  it.each([
    [{}, 'TOKEN or USER is missing'],
    [{ USER: 'root' }, 'TOKEN or USER is missing'],
    [{ TOKEN: token, SESSION_USER: 'alice' }, 'TOKEN and USER are both set'],
    [{ TOKEN: 'alice' }, 'not a session token'],
    [{ SESSION_USER: 'é'.repeat(1_025) }, 'more than 2048 bytes'],
  ])('refuses %j', (variables, message) => {
    expect(() => readRevocation(variables)).toThrow(message);
  });
});

describe('make revoke', () => {
  const userOf = async (...typed: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(
      'make',
      ['revoke', 'NODE=printenv SESSION_USER; :', ...typed],
      { cwd: projectFolder, env: { ...process.env, USER: 'root' } },
    );
    return stdout.trim();
  };

  it('takes a USER that is typed, and not the one that every shell sets', async () => {
    expect(await userOf('USER=alice')).toBe('alice');
    expect(await userOf()).toBe('');
  });
});
