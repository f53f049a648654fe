import runtimeEnvironment from '../../terraform/modules/gateway/runtime-environment.json' with { type: 'json' };
import type { Fixture } from './fixture.ts';
import { credentials } from '../../handler/testing/fake-aws/signature.ts';
import type { StubPorts } from './stub/protocol.ts';

/** The function's, as everyone is started. */
export const memoryMb = 512;

/**
 * What Lambda would put into the function's environment, and nothing of the machine's own. Everyone fetches
 * the signing secret from Secrets Manager at start, as in production.
 */
export const lambdaEnvironment = (
  fixture: Fixture,
  ports: StubPorts,
  upstreams: readonly string[],
): Record<string, string> => {
  const upstreamUrl = `http://127.0.0.1:${ports.upstream}`;
  const urls = upstreams.map((name) => [
    `UPSTREAM_${name.toUpperCase().replaceAll('-', '_')}_SERVICE_URL`,
    upstreamUrl,
  ]);
  return {
    ...(Object.fromEntries(urls) as Record<string, string>),
    UPSTREAM_USERS_ARN: fixture.functionArn,
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    NODE_ENV: 'production',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${ports.aws}`,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/bench',
    AWS_LAMBDA_LOG_STREAM_NAME: 'bench',
    SESSION_TABLE_NAME: fixture.sessionTable,
    RATELIMIT_TABLE_NAME: fixture.rateLimitTable,
    TOKEN_SIGNING_SECRET_ARN: fixture.secretArn,
    ...runtimeEnvironment,
    GATEWAY_NAME: 'postern-bench',
    GATEWAY_ENV: 'bench',
    GATEWAY_LOG_LEVEL: 'INFO',
    GATEWAY_SESSION_TABLE_NAME: fixture.sessionTable,
    GATEWAY_RATELIMIT_TABLE_NAME: fixture.rateLimitTable,
    GATEWAY_TOKEN_SIGNING_SECRET_ARN: fixture.secretArn,
  };
};
