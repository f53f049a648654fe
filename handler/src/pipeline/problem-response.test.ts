import { describe, expect, it } from '@jest/globals';
import { lambdaContext } from '../../testing/events.ts';
import type { Middleware } from '../middleware.ts';
import { gatewayWith, route, send } from '../../testing/gateway-with.ts';

/** A request to a gateway with a step that throws this. */
const whenAStepThrows = async (error: unknown) => {
  const step: Middleware = {
    before: () => {
      throw error;
    },
  };
  const it = gatewayWith({
    routes: [route('GET /')],
    features: { validation: () => step },
  });
  return { response: await send(it, 'GET', '/'), ...it };
};

describe('an error of a step that is no GatewayError', () => {
  it.each([
    ['a message', new Error('hunter2')],
    ['no error', 'hunter2'],
    ['nothing', undefined],
  ])('with %s responds 500 INTERNAL_ERROR', async (_, error) => {
    const { response, lines } = await whenAStepThrows(error);
    expect(response).toMatchObject({ statusCode: 500, problem: { code: 'INTERNAL_ERROR' } });
    expect(lines).toMatchObject([{ message: 'request', status_code: 500 }]);
    expect(JSON.stringify([response, lines])).not.toContain('hunter2');
  });
});

describe('a response that cannot be encoded', () => {
  it('is handled like any error: 500 with its log line and duration', async () => {
    let nowMs = 0;
    const body = Object.assign(Buffer.from([0xff]), {
      toString: () => {
        nowMs += 40;
        throw new Error('hunter2');
      },
    });
    const it = gatewayWith({
      routes: [route('GET /')],
      respond: async () => ({ statusCode: 200, headers: {}, body }),
      now: () => nowMs,
    });
    const response = await send(it, 'GET', '/');
    expect(response).toMatchObject({
      statusCode: 500,
      headers: { 'x-request-id': 'request-1', 'x-frame-options': 'DENY' },
      problem: { code: 'INTERNAL_ERROR' },
    });
    expect(it.lines).toMatchObject([{ message: 'request', status_code: 500, duration_ms: 40 }]);
    expect(JSON.stringify([response, it.lines])).not.toContain('hunter2');
  });
});

describe('the safety net around the pipeline', () => {
  it('responds with problem details if the way out fails, and logs the request id', async () => {
    const it = gatewayWith({
      routes: [route('GET /')],
      lambdaTrace: () => {
        throw new Error('hunter2');
      },
    });
    const response = await send(it, 'GET', '/');
    expect(response.statusCode).toBe(500);
    expect(JSON.parse(response.body ?? '')).toMatchObject({ status: 500, code: 'INTERNAL_ERROR' });
    expect(it.lines).toMatchObject([
      {
        level: 'error',
        correlation_id: lambdaContext().awsRequestId,
        error: { name: 'TypeError' },
      },
    ]);
    expect(JSON.stringify([response, it.lines])).not.toContain('hunter2');
  });
});
