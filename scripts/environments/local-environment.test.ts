import { describe, expect, it } from '@jest/globals';
import { localEnvironment } from './local-environment.ts';

describe('localEnvironment', () => {
  it('keeps real credentials from the emulator', () => {
    const { variables } = localEnvironment({
      PATH: '/bin',
      AWS_PROFILE: 'work',
      AWS_ACCESS_KEY_ID: 'AKIAREAL',
      AWS_SECRET_ACCESS_KEY: 'real',
      AWS_SESSION_TOKEN: 'real',
    });
    expect(variables).toEqual({
      PATH: '/bin',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_ACCESS_KEY_ID: '000000000000',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
  });

  it('has a folder, a port and an account for each stack', () => {
    const usual = localEnvironment({});
    const other = localEnvironment({ LOCAL_PORT: '4666', LOCAL_ACCOUNT_ID: '111111111111' });
    expect(usual.local).toMatchObject({ port: 4566, chosenPort: undefined, isOurs: true });
    expect(other.local).toMatchObject({ endpoint: 'http://127.0.0.1:4666', chosenPort: 4666 });
    expect(other.variables['AWS_ACCESS_KEY_ID']).toBe('111111111111');
    expect(other.folder).not.toBe(usual.folder);
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

  it('refuses an account id that is none', () => {
    expect(() => localEnvironment({ LOCAL_ACCOUNT_ID: '42' })).toThrow('twelve digits');
  });
});
