import type middy from '@middy/core';
import { describe, expect, it } from '@jest/globals';
import { createError } from '@middy/util';
import { lambdaContext } from '../../testing/events.ts';
import type { Middleware } from '../middleware.ts';
import { gatewayWith, route, send } from '../../testing/gateway-with.ts';

/** A request to a gateway with a third-party Middy middleware that throws this. */
const whenAPluginThrows = async (error: unknown) => {
  const plugin: middy.MiddlewareObj = {
    before: () => {
      throw error;
    },
  };
  const it = gatewayWith({
    routes: [route('GET /')],
    features: { validation: () => plugin as Middleware },
  });
  return { response: await send(it, 'GET', '/'), ...it };
};

describe('an error of a Middy middleware', () => {
  it('with a status below 500 becomes problem details with its status, message and headers', async () => {
    const error = createError(404, 'There is no such tenant.', { cause: { package: 'tenant' } });
    const headers = { 'X-Tenant': 'none', 'Content-Type': 'text/html' };
    const { response, lines } = await whenAPluginThrows(Object.assign(error, { headers }));
    expect(response).toMatchObject({
      statusCode: 404,
      headers: { 'content-type': 'application/problem+json', 'x-tenant': 'none' },
    });
    expect(response.problem).toEqual({
      type: 'https://docs.example.com/errors#PLUGIN_ERROR',
      title: 'Not Found',
      status: 404,
      detail: 'There is no such tenant.',
      code: 'PLUGIN_ERROR',
      request_id: 'request-1',
    });
    expect(lines).toMatchObject([
      { status_code: 404, error_code: 'PLUGIN_ERROR', error: { name: 'NotFoundError' } },
    ]);
  });

  it.each([
    ['with status 503 that does not say', 503, undefined],
    ['with status 403 that must not be exposed', 403, false],
  ])('%s keeps its status and hides its message and headers', async (_, statusCode, expose) => {
    const error = Object.assign(new Error('password hunter2'), {
      statusCode,
      headers: { 'x-secret': 'hunter2' },
      ...(expose !== undefined && { expose }),
    });
    const { response, lines } = await whenAPluginThrows(error);
    expect(response).toMatchObject({ statusCode, problem: { code: 'PLUGIN_ERROR' } });
    expect(JSON.stringify([response, lines])).not.toContain('hunter2');
  });

  it('with status 500 and expose shows its message', async () => {
    const error = Object.assign(new Error('The index is being built.'), {
      statusCode: 500,
      expose: true,
    });
    const { response } = await whenAPluginThrows(error);
    expect(response.problem).toMatchObject({ status: 500, detail: 'The index is being built.' });
  });

  it.each([
    ['no status', new Error('hunter2')],
    ['a status that is no error', Object.assign(new Error('hunter2'), { statusCode: 204 })],
    ['a status that is no number', Object.assign(new Error('hunter2'), { statusCode: '404' })],
    ['no error', 'hunter2'],
    ['nothing', undefined],
  ])('with %s responds 500 INTERNAL_ERROR', async (_, error) => {
    const { response, lines } = await whenAPluginThrows(error);
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
