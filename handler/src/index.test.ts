import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { httpApiEvent, lambdaContext } from '../testing/events.ts';
import { standardOutput } from '../testing/captured-output.ts';
import { startStubServices, type StubServices } from '../testing/stub-services.ts';
import { start } from './index.ts';

const calls: string[] = [];
let stub: StubServices;

beforeAll(async () => {
  stub = await startStubServices({
    service: ({ method, url }, response) => {
      calls.push(`${method} ${url}`);
      response.end('{"from":"service"}');
    },
  });
  stub.aws.behave((response, request) => {
    calls.push(request.target);
    return stub.respond(response, request);
  });
});
afterAll(() => stub.stop());

describe('the gateway as it starts in Lambda', () => {
  it('serves a signed-in request with one read, one write and one call to the service', async () => {
    const gateway = start({ ...stub.environment, GATEWAY_LOG_LEVEL: 'ERROR' });
    const headers = { authorization: `Bearer ${await stub.signIn('alice')}` };
    await gateway(httpApiEvent('GET', '/health'), lambdaContext());
    await new Promise((resolve) => setTimeout(resolve, 50)); // The keys, requested at the start, have arrived.
    calls.length = 0;
    const response = await gateway(
      httpApiEvent('GET', '/api/v1/users', { headers }),
      lambdaContext(),
    );
    expect(response).toMatchObject({ statusCode: 200, body: '{"from":"service"}' });
    expect(calls.toSorted()).toEqual([
      'DynamoDB_20120810.GetItem',
      'DynamoDB_20120810.UpdateItem',
      'GET /api/v1/users',
    ]);
  });

  it('serves its contract, without the operator’s settings', async () => {
    const gateway = start(stub.environment);
    const { body = '' } = await gateway(httpApiEvent('GET', '/openapi.json'), lambdaContext());
    const document = JSON.parse(body) as { paths: Record<string, unknown> };
    expect(Object.keys(document.paths)).toContain('/api/v1/users/{user_id}');
    expect(body).not.toContain('x-postern');
  });

  it('is ready when all dependencies can be reached', async () => {
    const gateway = start(stub.environment);
    expect(await gateway(httpApiEvent('GET', '/health/ready'), lambdaContext())).toMatchObject({
      statusCode: 200,
    });
  });
});

describe('the gateway behind a trusted proxy', () => {
  it('reads the secret once, at its start, and accepts only requests with it', async () => {
    const secret = 's'.repeat(40);
    const secretId = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf';
    const own = await startStubServices();
    own.aws.secrets.set(secretId, JSON.stringify([secret]));
    let reads = 0;
    own.aws.behave((response, request) => {
      if (request.body.includes(secretId)) reads += 1;
      return own.respond(response, request);
    });
    const gateway = start({
      ...own.environment,
      GATEWAY_LOG_LEVEL: 'ERROR',
      GATEWAY_TRUSTED_PROXY_HEADER: 'x-origin-secret',
      GATEWAY_TRUSTED_PROXY_SECRET_ARN: secretId,
    });
    const statusWith = async (headers: Record<string, string>, path = '/api/v1/status') =>
      (await gateway(httpApiEvent('GET', path, { headers }), lambdaContext())).statusCode;
    const viewer = { 'cloudfront-viewer-address': '203.0.113.9:46532' };
    const statuses = [
      await statusWith({ ...viewer, 'x-origin-secret': secret }),
      await statusWith({ ...viewer, 'x-origin-secret': secret }, '/health/ready'),
      await statusWith(viewer),
      await statusWith({ ...viewer, 'x-origin-secret': `${secret}x` }),
      await statusWith({}, '/health'),
    ];
    await own.stop();
    expect(statuses).toEqual([200, 200, 403, 403, 200]);
    expect(reads).toBe(2); // At the start, and by /health/ready.
  });
});

describe('the gateway with a misconfigured environment', () => {
  const broken = () => start({ ...stub.environment, GATEWAY_ENV: '', AWS_REGION: 'hunter2 !' });

  it('logs every misconfiguration in one line at the start', () => {
    const lines = standardOutput(() => void broken());
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'ERROR',
        message: 'the gateway is misconfigured',
        misconfigurations: [
          expect.stringContaining('GATEWAY_ENV'),
          expect.stringContaining('AWS_REGION'),
        ],
      }),
    ]);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('responds that it runs and is not ready, without names of variables', async () => {
    const gateway = broken();
    const get = (path: string) => gateway(httpApiEvent('GET', path), lambdaContext());
    expect(await get('/health')).toMatchObject({ statusCode: 200 });
    expect(await get('/api/v1/status')).toMatchObject({
      statusCode: 503,
      body: expect.stringContaining('GATEWAY_MISCONFIGURED'),
    });
    const ready = await get('/health/ready');
    expect(ready.statusCode).toBe(503);
    expect(ready.body).toContain('GATEWAY_MISCONFIGURED');
    for (const response of [ready, await get('/api/v1/status'), await get('/health')]) {
      expect(response.body).not.toMatch(/GATEWAY_ENV|AWS_REGION/);
    }
    expect(await get('/nowhere')).toMatchObject({ statusCode: 404 });
  });
});
