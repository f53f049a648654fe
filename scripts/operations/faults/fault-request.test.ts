import { describe, expect, it } from '@jest/globals';
import { faultOf, itemOf } from '../../../handler/src/features/faults/injected-fault.ts';
import { describeFault, readFaultRequest } from './fault-request.ts';

const nowMs = Date.parse('2026-11-21T10:00:00Z');
const routes = ['GET /users', 'PUT /users', 'GET /products'];
const read = (variables: Record<string, string>) => readFaultRequest(variables, nowMs, routes);

describe('the variables of make fault', () => {
  it('affect every request for two minutes by default', () => {
    expect(describeFault(read({ KIND: 'upstream-cut' }))).toBe(
      '100 % of requests to every route with a service get an unreachable service until 2026-11-21T10:02:00.000Z',
    );
  });

  it('name the share, the route and the time', () => {
    const variables = { KIND: 'latency', ROUTE: '/users', PERCENT: '20', FOR: '30s' };
    expect(describeFault(read({ ...variables, LATENCY_MS: '700' }))).toBe(
      '20 % of requests to GET /users, PUT /users get 700 ms of latency until 2026-11-21T10:00:30.000Z',
    );
  });

  it.each([
    [{ KIND: 'fire' }, 'KIND is "fire"; it is one of latency, error'],
    [{ KIND: 'error', ROUTE: 'GET /nowhere' }, 'the routes are:\n  GET /users'],
    [{ KIND: 'error', FOR: '61m' }, 'from 1s to 60m'],
    [{ KIND: 'error', PERCENT: '0' }, 'PERCENT is "0"; it is a whole number from 1 to 100'],
    [{ KIND: 'error', STATUS: '200' }, 'STATUS is "200"'],
    [{ KIND: 'latency', LATENCY_MS: '2s' }, 'LATENCY_MS is "2s"'],
  ])('%j are refused', (variables, message) => {
    expect(() => read(variables as unknown as Record<string, string>)).toThrow(message);
  });

  it.each(['latency', 'error', 'upstream-cut', 'store-throttled'])(
    'KIND=%s makes a fault of an hour that the function can read',
    (KIND) => {
      const fault = read({ KIND, FOR: '60m', ROUTE: '/users', PERCENT: '7' });
      expect(faultOf(itemOf(fault), nowMs)).toEqual(fault);
    },
  );
});
