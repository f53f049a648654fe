import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { httpApiEvent, lambdaContext } from '../../../testing/events.ts';
import { startStubServices, type StubServices } from '../../../testing/stub-services.ts';
import { start } from '../../index.ts';
import { faultKey, type InjectedFault, itemOf } from './injected-fault.ts';

/** Calls to the services and reads of the switch, and the fault in the table. */
let calls: Array<'service' | 'switch'> = [];
let fault: InjectedFault | undefined;
let isTableDown = false;
let environment: Record<string, string> = {};
let stub: StubServices;

beforeAll(async () => {
  stub = await startStubServices({
    service: (_, response) => {
      calls.push('service');
      response.end('{}');
    },
  });
  stub.aws.behave((response, request) => {
    if (!request.body.includes(JSON.stringify(faultKey))) return stub.respond(response, request);
    calls.push('switch');
    if (isTableDown) response.destroy();
    else response.end(JSON.stringify(fault === undefined ? {} : { Item: itemOf(fault) }));
  });
  environment = {
    ...stub.environment,
    GATEWAY_FAULT_INJECTION: 'true',
    GATEWAY_LOG_LEVEL: 'ERROR',
  };
});

afterAll(() => stub.stop());

beforeEach(() => {
  calls = [];
  fault = undefined;
  isTableDown = false;
});

const setFault = (changes: Partial<InjectedFault>): void => {
  fault = {
    kind: 'error',
    routes: [],
    percent: 100,
    endsAtMs: Date.now() + 60_000,
    latencyMs: 300,
    status: 503,
    ...changes,
  };
};

/** One signed-in request to a new gateway, or to the one given. */
const get = async (path: string, gateway = start(environment), remainingMs = 29_000) => {
  const headers = { authorization: `Bearer ${await stub.signIn('alice')}` };
  const startedAt = performance.now();
  const result = await gateway(httpApiEvent('GET', path, { headers }), lambdaContext(remainingMs));
  const { code } = JSON.parse(result.body || '{}') as { code?: string };
  return { status: result.statusCode, code, ms: performance.now() - startedAt };
};

/** The log's and the metrics' lines while `act` runs. */
const linesDuring = async (act: () => Promise<unknown>): Promise<unknown[]> => {
  const lines: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  const errors = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  await act().finally(() => [spy, errors].forEach((each) => each.mockRestore()));
  return lines.map((line) => JSON.parse(line) as unknown);
};

describe('an active fault', () => {
  it.each([
    [{ kind: 'error', status: 503 }, 503, undefined],
    [{ kind: 'error', status: 500 }, 500, undefined],
    [{ kind: 'upstream-cut' }, 502, 'UPSTREAM_UNREACHABLE'],
    [{ kind: 'store-throttled' }, 503, 'SESSION_STORE_UNAVAILABLE'],
    [{ kind: 'latency', latencyMs: 20_000 }, 504, 'UPSTREAM_TIMEOUT'],
  ] as const)('%j results in %i %s', async (changes, status, code) => {
    setFault(changes);
    expect(await get('/api/v1/users', start(environment), 1_500)).toMatchObject({ status, code });
    expect(calls).not.toContain('service');
  });

  it('of kind latency delays the response by its time', async () => {
    setFault({ kind: 'latency', latencyMs: 300 });
    const { status, ms } = await get('/api/v1/users');
    expect(status).toBe(200);
    expect(ms).toBeGreaterThanOrEqual(295);
  });

  it('does not affect other routes or built-in ones', async () => {
    setFault({ routes: ['GET /api/v1/products'] });
    const gateway = start(environment);
    expect((await get('/api/v1/products', gateway)).status).toBe(503);
    expect((await get('/api/v1/users', gateway)).status).toBe(200);
    setFault({ kind: 'store-throttled' });
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('affects the share of requests that it names', async () => {
    setFault({ kind: 'error', status: 500, percent: 30 });
    const gateway = start(environment);
    let failures = 0;
    for (let sent = 0; sent < 400; sent += 1)
      if ((await get('/api/v1/users', gateway)).status === 500) failures += 1;
    // Five standard deviations on either side of 120.
    expect(failures).toBeGreaterThan(74);
    expect(failures).toBeLessThan(166);
  });

  it('opens the breaker like an unreachable service', async () => {
    setFault({ kind: 'upstream-cut' });
    const gateway = start(environment);
    const codes = new Set<string | undefined>();
    for (let sent = 0; sent < 10; sent += 1) codes.add((await get('/api/v1/users', gateway)).code);
    expect(codes).toEqual(new Set(['UPSTREAM_UNREACHABLE', 'UPSTREAM_BREAKER_OPEN']));
  });

  it('appears in the log line and in the metric', async () => {
    setFault({ kind: 'error' });
    const gateway = start(environment);
    const lines = await linesDuring(() => get('/api/v1/users', gateway));
    expect(lines).toContainEqual(
      expect.objectContaining({ message: 'request', injected_fault: 'error', status_code: 503 }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ InjectedFaults: 1, Route: 'GET /api/v1/users' }),
    );
  });

  it('ends by itself, and is ignored if it would last longer than an hour', async () => {
    setFault({ endsAtMs: Date.now() + 300 });
    const gateway = start(environment);
    expect((await get('/api/v1/users', gateway)).status).toBe(503);
    await new Promise((resolve) => setTimeout(resolve, 310));
    expect((await get('/api/v1/users', gateway)).status).toBe(200);
    setFault({ endsAtMs: Date.now() + 3_700_000 });
    expect((await get('/api/v1/users')).status).toBe(200);
  });
});

describe('the switch', () => {
  it('is read at most once in two seconds', async () => {
    const gateway = start(environment);
    for (let sent = 0; sent < 5; sent += 1) await get('/api/v1/users', gateway);
    expect(calls.filter((call) => call === 'switch')).toHaveLength(1);
  });

  it('fails no request if it cannot be read', async () => {
    isTableDown = true;
    expect((await get('/api/v1/users')).status).toBe(200);
  });

  it('is not read for a route without an upstream, nor for an unknown path', async () => {
    setFault({ kind: 'store-throttled' });
    const gateway = start(environment);
    expect((await get('/health', gateway)).status).toBe(200);
    expect((await get('/api/v1/nowhere', gateway)).status).toBe(404);
    expect(calls).not.toContain('switch');
  });

  it.each(['', 'false'])('is not read while GATEWAY_FAULT_INJECTION is "%s"', async (value) => {
    setFault({ kind: 'error' });
    const gateway = start({ ...environment, GATEWAY_FAULT_INJECTION: value });
    const lines = await linesDuring(async () => {
      expect((await get('/api/v1/users', gateway)).status).toBe(200);
    });
    expect(calls).not.toContain('switch');
    expect(JSON.stringify(lines)).not.toContain('injected');
  });

  it.each(['allowed', 'refused'])('the former value "%s" is a misconfiguration', async (value) => {
    const settings = { ...environment, GATEWAY_FAULT_INJECTION: value };
    const lines = await linesDuring(async () => start(settings));
    expect(JSON.stringify(lines)).toContain('GATEWAY_FAULT_INJECTION is not \\"true\\"');
  });
});
