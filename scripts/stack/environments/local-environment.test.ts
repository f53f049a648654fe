import { describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { workFolder } from '../command-line/folders.ts';
import { keepSecret } from '../local-cloud/secret.ts';
import { localEnvironment } from './local-environment.ts';

describe('localEnvironment', () => {
  it('keeps real credentials from the emulator', () => {
    const { variables } = localEnvironment({
      PATH: '/bin',
      AWS_PROFILE: 'work',
      AWS_ACCESS_KEY_ID: 'AKIAREAL',
      AWS_SECRET_ACCESS_KEY: 'real',
      AWS_SESSION_TOKEN: 'real',
      LOCAL_SECRET: 'of the stack',
    });
    expect(variables).toEqual({
      PATH: '/bin',
      LOCAL_SECRET: 'of the stack',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_ACCESS_KEY_ID: 'LOCAL000000000000',
      AWS_SECRET_ACCESS_KEY: 'of the stack',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
  });

  it('has a folder, a port and an account for each stack', () => {
    const usual = localEnvironment({});
    const other = localEnvironment({ LOCAL_PORT: '4666', LOCAL_ACCOUNT_ID: '111111111111' });
    expect(usual.local).toMatchObject({ port: 4566, chosenPort: undefined, isOurs: true });
    expect(other.local).toMatchObject({ endpoint: 'http://127.0.0.1:4666', chosenPort: 4666 });
    expect(other.variables['AWS_ACCESS_KEY_ID']).toBe('LOCAL111111111111');
    expect(other.folder).not.toBe(usual.folder);
  });

  it('creates a secret for a stack without one', () => {
    const given = { LOCAL_FOLDER: 'nothing-here' };
    const [first, second] = [localEnvironment(given), localEnvironment(given)];
    expect(first.local.secret).not.toBe(second.local.secret);
    expect(first.variables['AWS_SECRET_ACCESS_KEY']).toBe(first.local.secret);
  });

  it('uses the secret that the stack was started with', () => {
    const name = `secret-test-${process.pid}`;
    const folder = join(workFolder, name);
    keepSecret(folder, 'of the stack');
    try {
      expect(localEnvironment({ LOCAL_FOLDER: name }).local.secret).toBe('of the stack');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('uses the account as the key if only the endpoint is set', () => {
    const { variables } = localEnvironment({ AWS_ENDPOINT_URL: 'http://colleague:4566' });
    expect(variables).toMatchObject({
      AWS_ACCESS_KEY_ID: '000000000000',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
  });

  it('uses the endpoint that is set already, with the key that is set with it', () => {
    const { local, variables } = localEnvironment({
      AWS_ENDPOINT_URL: 'http://colleague:4566/',
      AWS_ACCESS_KEY_ID: '222222222222',
      AWS_SECRET_ACCESS_KEY: 'theirs',
    });
    expect(local).toMatchObject({ endpoint: 'http://colleague:4566', isOurs: false });
    expect(variables).toMatchObject({
      AWS_ACCESS_KEY_ID: '222222222222',
      AWS_SECRET_ACCESS_KEY: 'theirs',
    });
  });

  it.each(['80', '65535', 'abc', '45.5'])('refuses LOCAL_PORT=%s', (port) => {
    expect(() => localEnvironment({ LOCAL_PORT: port })).toThrow(`LOCAL_PORT is "${port}"`);
  });

  it('refuses an invalid account id', () => {
    expect(() => localEnvironment({ LOCAL_ACCOUNT_ID: '42' })).toThrow('twelve digits');
  });
});
