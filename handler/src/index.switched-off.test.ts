import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { standardOutput } from '../testing/captured-output.ts';
import { httpApiEvent, lambdaContext } from '../testing/events.ts';
import { startStubServices, type StubServices } from '../testing/stub-services.ts';

// As the build replaces it in a zip without a trusted proxy.
jest.unstable_mockModule('./features/trusted-proxy/trusted-proxy.ts', () => ({
  trustedProxy: undefined,
}));
const { start } = await import('./index.ts');

let stub: StubServices;
beforeAll(async () => {
  stub = await startStubServices();
});
afterAll(() => stub.stop());

it('a zip without the trusted proxy responds 503 and logs the settings if a proxy is set', async () => {
  const variables = {
    ...stub.environment,
    GATEWAY_TRUSTED_PROXY_HEADER: 'x-origin-secret',
    GATEWAY_TRUSTED_PROXY_SECRET_ARN:
      'arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf',
  };
  const gateways: Array<ReturnType<typeof start>> = [];
  const lines = standardOutput(() => void gateways.push(start(variables)));
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'ERROR',
      message: 'the gateway is misconfigured',
      misconfigurations: [
        expect.stringMatching(
          /^GATEWAY_TRUSTED_PROXY_HEADER and GATEWAY_TRUSTED_PROXY_SECRET_ARN: .*trusted_proxy/,
        ),
      ],
    }),
  ]);
  for (const path of ['/api/v1/status', '/health/ready']) {
    expect(await gateways[0]?.(httpApiEvent('GET', path), lambdaContext())).toMatchObject({
      statusCode: 503,
      body: expect.stringContaining('GATEWAY_MISCONFIGURED'),
    });
  }
});

it('a zip without the trusted proxy serves requests if no proxy is set', async () => {
  const gateway = start({ ...stub.environment, GATEWAY_LOG_LEVEL: 'ERROR' });
  expect(await gateway(httpApiEvent('GET', '/api/v1/status'), lambdaContext())).toMatchObject({
    statusCode: 200,
  });
});
