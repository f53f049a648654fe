import { describe, expect, it } from '@jest/globals';
import { upstreamPolicy } from '../testing/upstream-policy.ts';
import { readEnvironment, type SwitchedFeatures } from './environment.ts';
import { readFaultSettings } from './features/faults/fault-settings.ts';
import { readProxySettings } from './features/trusted-proxy/proxy-settings.ts';
import { sessionSignIn } from './sign-in/session/sign-in.ts';
import { dynamoDbBuckets } from './stores/buckets/dynamodb-buckets.ts';
import { dynamoDbSessions } from './stores/sessions/dynamodb-sessions.ts';
import { httpUpstreams } from './upstreams/http/http-upstreams.ts';

const users = upstreamPolicy({ allowedHosts: ['users.internal'] });
const keySet = JSON.stringify({
  active_kid: 'k1',
  keys: [{ kty: 'oct', kid: 'k1', k: Buffer.alloc(32).toString('base64url') }],
});
const complete = {
  GATEWAY_NAME: 'postern-dev',
  GATEWAY_ENV: 'dev',
  GATEWAY_LOG_LEVEL: 'warn',
  GATEWAY_SESSION_TABLE_NAME: 'postern-dev-sessions',
  GATEWAY_RATELIMIT_TABLE_NAME: 'postern-dev-rate-limits',
  GATEWAY_TOKEN_SIGNING_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbC',
  UPSTREAM_USERS_SERVICE_URL: 'https://users.internal/base',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIA',
  AWS_SECRET_ACCESS_KEY: 'secret',
};

const parts: Parameters<typeof readEnvironment>[0] = {
  contract: { upstreams: { users }, routes: [], rateLimits: {} },
  stores: { buckets: dynamoDbBuckets, sessions: dynamoDbSessions },
  signIn: { session: sessionSignIn },
  upstreams: { http: httpUpstreams },
};
const allFeatures: SwitchedFeatures = {
  readFaultInjection: readFaultSettings,
  readTrustedProxy: readProxySettings,
};
const noFeatures: SwitchedFeatures = {
  readFaultInjection: undefined,
  readTrustedProxy: undefined,
};
const read = (changes: Record<string, string | undefined> = {}, features = allFeatures) =>
  readEnvironment(parts, features, { ...complete, ...changes });
const misconfigurationsOf = (
  changes: Record<string, string | undefined>,
  features?: SwitchedFeatures,
) => {
  const environment = read(changes, features);
  return environment.ok ? [] : environment.misconfigurations;
};

describe('readEnvironment', () => {
  it('reads a complete environment', () => {
    expect(read()).toMatchObject({
      ok: true,
      settings: {
        environment: 'dev',
        logLevel: 'WARN',
        logSampleRate: 1,
        aws: { region: 'us-east-1', endpoints: { dynamoDb: undefined } },
      },
    });
  });

  it.each([
    ['0', 0],
    ['0.05', 0.05],
    ['.5', 0.5],
    ['1', 1],
    ['1.0', 1],
  ])('reads %s as a share', (text, share) => {
    expect(read({ GATEWAY_LOG_SAMPLE_RATE: text })).toMatchObject({
      settings: { logSampleRate: share },
    });
  });

  const proxyArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf';

  it('reads the trusted proxy, which is optional', () => {
    const headerName = 'x-origin-secret';
    const variables = {
      GATEWAY_TRUSTED_PROXY_HEADER: headerName,
      GATEWAY_TRUSTED_PROXY_SECRET_ARN: proxyArn,
    };
    expect(read(variables)).toMatchObject({
      settings: { trustedProxy: { headerName, secretArn: proxyArn } },
    });
    expect(read()).toMatchObject({ ok: true, settings: { trustedProxy: undefined } });
  });

  it.each([
    ['x-origin-secret', '', 'set both or none'],
    ['', proxyArn, 'set both or none'],
    ['x-origin-secret', 'arn:aws:s3:::bucket', 'is not the ARN'],
    ...[
      'authorization',
      'cookie',
      'host',
      'X-Origin-Secret',
      'x-amz-secret',
      'x-amzn-trace-id',
      'x-edge-secret',
      'x-forwarded-for',
      'x-user-id',
      'x-request-id',
      'x origin',
      'x-',
    ].map((name) => [name, proxyArn, 'is not a name of your own'] as const),
  ])('rejects the proxy’s header %j with the secret %j', (name, arn, misconfiguration) => {
    const found = misconfigurationsOf({
      GATEWAY_TRUSTED_PROXY_HEADER: name,
      GATEWAY_TRUSTED_PROXY_SECRET_ARN: arn,
    });
    expect(found).toEqual([expect.stringContaining(misconfiguration)]);
  });

  it('rejects any setting of a trusted proxy if the zip is built without one, and names it', () => {
    const found = misconfigurationsOf(
      {
        GATEWAY_TRUSTED_PROXY_SECRET_ARN: proxyArn,
        GATEWAY_TRUSTED_PROXY_HEADER: 'x-origin-secret',
        GATEWAY_TRUSTED_PROXY_OTHER: '',
      },
      noFeatures,
    );
    expect(found).toEqual([
      expect.stringMatching(
        /^GATEWAY_TRUSTED_PROXY_HEADER and GATEWAY_TRUSTED_PROXY_SECRET_ARN: this zip is built without/,
      ),
    ]);
    expect(misconfigurationsOf({ GATEWAY_TRUSTED_PROXY_HEADER: '' }, noFeatures)).toEqual([]);
    expect(
      misconfigurationsOf({ GATEWAY_TRUSTED_PROXY_HEADER: 'x-other' }, noFeatures),
    ).toHaveLength(1);
  });

  it('accepts the emulator’s endpoints', () => {
    const environment = read({
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
    });
    if (!environment.ok) throw new Error(environment.misconfigurations.join());
    const { aws } = environment.settings;
    expect(aws.endpoints.dynamoDb?.port).toBe('8000');
    expect(aws.endpoints.secretsManager?.port).toBe('4566');
    expect(aws.credentials()).toEqual({
      accessKeyId: 'AKIA',
      secretAccessKey: 'secret',
      sessionToken: undefined,
    });
  });

  it.each(['https://docs.example.com/errors#', 'https://docs.example.com/errors/'])(
    'accepts %s as the prefix of problem types',
    (base) => {
      expect(read({ GATEWAY_PROBLEM_TYPE_BASE: base })).toMatchObject({
        settings: { problemTypeBase: base },
      });
    },
  );

  it.each(['http://docs.example.com/errors#', 'https://docs.example.com/errors', 'errors#'])(
    'reports %s as an invalid prefix of problem types',
    (base) => {
      expect(misconfigurationsOf({ GATEWAY_PROBLEM_TYPE_BASE: base })).toHaveLength(1);
    },
  );

  it('reports every misconfiguration at once', () => {
    const environment = readEnvironment(parts, noFeatures, {});
    expect(
      environment.ok ? [] : environment.misconfigurations.map((each) => each.split(' ')[0]),
    ).toEqual([
      'GATEWAY_NAME',
      'GATEWAY_ENV',
      'GATEWAY_RATELIMIT_TABLE_NAME',
      'GATEWAY_SESSION_TABLE_NAME',
      'GATEWAY_TOKEN_SIGNING_SECRET_ARN',
      'UPSTREAM_USERS_SERVICE_URL',
      'AWS_REGION',
    ]);
  });

  it.each([
    ['GATEWAY_ENV', 'no spaces please'],
    ['GATEWAY_LOG_LEVEL', 'LOUD'],
    ['GATEWAY_SESSION_TABLE_NAME', 'a table'],
    ['GATEWAY_RATELIMIT_TABLE_NAME', '/'],
    ['GATEWAY_TOKEN_SIGNING_SECRET_ARN', 'arn:aws:s3:::bucket'],
    ['GATEWAY_SESSION_CACHE_SECONDS', '-1'],
    ['GATEWAY_LOG_SAMPLE_RATE', '1.1'],
    ['GATEWAY_LOG_SAMPLE_RATE', '-0.1'],
    ['GATEWAY_LOG_SAMPLE_RATE', '10%'],
    ['GATEWAY_SESSION_CACHE_SECONDS', '3601'],
    ['GATEWAY_SESSION_CACHE_SECONDS', '1.5'],
    ['GATEWAY_ALLOWED_ORIGINS', '*'],
    ['GATEWAY_ALLOWED_ORIGINS', 'null'],
    ['GATEWAY_ALLOWED_ORIGINS', 'app.example.com'],
    ['GATEWAY_ALLOWED_ORIGINS', 'https://*.example.com'],
    ['GATEWAY_ALLOWED_ORIGINS', 'https://app.example.com/path'],
    ['GATEWAY_ALLOWED_ORIGINS', 'ftp://app.example.com'],
    ['GATEWAY_ALLOWED_ORIGINS', 'https://app.example.com,'],
    ['GATEWAY_ALLOWED_ORIGINS', 'https://app.example.com https://b.example.com'],
    ['UPSTREAM_USERS_SERVICE_URL', 'ftp://users.internal'],
    ['UPSTREAM_USERS_SERVICE_URL', 'https://user:hunter2@users.internal'],
    ['UPSTREAM_USERS_SERVICE_URL', 'https://users.internal?x=1'],
    ['UPSTREAM_USERS_SERVICE_URL', 'https://elsewhere.internal'],
    ['AWS_REGION', 'US EAST'],
    ['AWS_ENDPOINT_URL', 'localhost:4566'],
  ])('reports %s if it is %j, without repeating the value', (name, value) => {
    const found = misconfigurationsOf({ [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name} `));
    expect(found[0]).not.toContain('hunter2');
  });

  it('keeps the name of the gateway and the log level for its reports if another setting is wrong', () => {
    expect(read({ AWS_REGION: 'US EAST' })).toMatchObject({
      ok: false,
      settings: { gatewayName: 'postern-dev', environment: 'dev', logLevel: 'WARN' },
    });
    expect(read({ GATEWAY_NAME: '', GATEWAY_LOG_LEVEL: 'LOUD' })).toMatchObject({
      ok: false,
      settings: { gatewayName: 'unknown', environment: 'dev', logLevel: 'INFO' },
    });
  });

  it('needs no table of rate limits if no route has a limit and no fault can be injected', () => {
    const { GATEWAY_RATELIMIT_TABLE_NAME, ...others } = complete;
    const { sessions } = parts.stores;
    const unlimited = { ...parts, stores: { ...(sessions && { sessions }) } };
    const readWith = (changes: object) =>
      readEnvironment(unlimited, allFeatures, { ...others, ...changes });
    expect(readWith({})).toMatchObject({ ok: true, settings: { faultInjection: undefined } });
    expect(readWith({ GATEWAY_FAULT_INJECTION: 'true' }).ok).toBe(false);
    expect(
      readWith({ GATEWAY_FAULT_INJECTION: 'true', GATEWAY_RATELIMIT_TABLE_NAME }),
    ).toMatchObject({ settings: { faultInjection: { tableName: GATEWAY_RATELIMIT_TABLE_NAME } } });
  });

  it('needs no table or secret of sessions if no route needs a session', () => {
    const { GATEWAY_SESSION_TABLE_NAME, GATEWAY_TOKEN_SIGNING_SECRET_ARN, ...others } = complete;
    const { buckets } = parts.stores;
    const withoutSessions = { ...parts, signIn: {}, stores: { ...(buckets && { buckets }) } };
    expect(readEnvironment(withoutSessions, noFeatures, others).ok).toBe(true);
    expect(readEnvironment(parts, noFeatures, others).ok).toBe(false);
    expect(read({ GATEWAY_SESSION_TABLE_NAME, GATEWAY_TOKEN_SIGNING_SECRET_ARN }).ok).toBe(true);
  });

  it('refuses an invalid key set, and two of them', () => {
    expect(misconfigurationsOf({ GATEWAY_TOKEN_SIGNING_SECRET: keySet })[0]).toContain('both set');
    expect(
      misconfigurationsOf({
        GATEWAY_TOKEN_SIGNING_SECRET_ARN: undefined,
        GATEWAY_TOKEN_SIGNING_SECRET: 'hunter2',
      }),
    ).toEqual(['GATEWAY_TOKEN_SIGNING_SECRET: The signing secret is not JSON']);
  });
});
