import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../../environment.ts';
import { readSettings, type SessionSettings } from './settings.ts';

const complete = {
  GATEWAY_NAME: 'postern-dev',
  GATEWAY_ENV: 'dev',
  GATEWAY_SESSION_TABLE_NAME: 'postern-dev-sessions',
  GATEWAY_RATELIMIT_TABLE_NAME: 'postern-dev-rate-limits',
  GATEWAY_TOKEN_SIGNING_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbC',
  AWS_REGION: 'us-east-1',
};

const absent = { readFaultInjection: undefined, readTrustedProxy: undefined };
const contract = { upstreams: {}, routes: [], rateLimits: {} };

const read = (changes: Record<string, string | undefined> = {}): SessionSettings => {
  let settings: SessionSettings | undefined;
  const session = (reader: Parameters<typeof readSettings>[0]) => {
    settings = readSettings(reader);
    return () => {
      throw new TypeError('Only the settings are read');
    };
  };
  const environment = readEnvironment(
    { contract, stores: {}, signIn: { session }, upstreams: {} },
    absent,
    { ...complete, ...changes },
  );
  if (!environment.ok) throw new Error(environment.misconfigurations.join());
  if (settings === undefined) throw new TypeError('No settings were read');
  return settings;
};

describe('the settings of sessions', () => {
  it('are a secret; a session is read for every request unless a cache is set', () => {
    expect(read()).toMatchObject({
      signingSecret: { kind: 'arn', arn: complete.GATEWAY_TOKEN_SIGNING_SECRET_ARN },
      cacheSeconds: 0,
    });
    expect(read({ GATEWAY_SESSION_CACHE_SECONDS: '30' }).cacheSeconds).toBe(30);
  });

  it('may have a key set in place of the secret’s ARN', () => {
    const json = JSON.stringify({
      active_kid: 'k1',
      keys: [{ kty: 'oct', kid: 'k1', k: Buffer.alloc(32).toString('base64url') }],
    });
    const { signingSecret } = read({
      GATEWAY_TOKEN_SIGNING_SECRET_ARN: undefined,
      GATEWAY_TOKEN_SIGNING_SECRET: json,
    });
    expect(signingSecret).toEqual({ kind: 'inline', json });
  });

  it.each([
    [undefined, []],
    ['', []],
    ['https://app.example.com', ['https://app.example.com']],
    [
      'https://App.example.com:443, http://localhost:3000/',
      ['https://app.example.com', 'http://localhost:3000'],
    ],
  ])('have the allowed origins %j as browsers write them', (text, expected) => {
    expect([...read({ GATEWAY_ALLOWED_ORIGINS: text }).allowedOrigins]).toEqual(expected);
  });
});
