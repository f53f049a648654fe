import { describe, expect, it } from '@jest/globals';
import type { CorsPolicy } from '../features/cors/cors-policy.ts';
import { preflightHeaders, withCorsHeaders } from './cross-origin.ts';

const policy: CorsPolicy = {
  allow_origins: ['https://app.example.com', 'http://*'],
  allow_methods: ['GET', 'POST'],
  allow_headers: ['authorization'],
  expose_headers: ['x-request-id'],
  allow_credentials: true,
  max_age_seconds: 600,
};

const preflight = (origin: string, changes: Partial<CorsPolicy> = {}) =>
  preflightHeaders(
    { ...policy, ...changes },
    { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } },
  );

describe('a preflight request', () => {
  it('of an allowed origin gets the policy', () => {
    expect(preflight('https://app.example.com')).toEqual({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization',
      'access-control-max-age': '600',
    });
  });

  it('of another origin gets no header', () => {
    expect(preflight('https://app.example.com.evil.example')).toEqual({});
    expect(preflight('null')).toEqual({});
  });

  it.each([
    ['http://*', 'http://localhost:5173', true],
    ['http://*', 'http://', false],
    ['http://*', 'https://localhost', false],
    ['http://*:5173', 'http://localhost:5173', true],
    ['http://*:5173', 'http://localhost:5174', false],
    ['https://APP.example.com', 'https://app.example.com', true],
  ])('matches the pattern %s with %s: %j', (pattern, origin, isAllowed) => {
    const headers = preflight(origin, { allow_origins: [pattern] });
    expect(headers?.['access-control-allow-origin']).toBe(isAllowed ? origin : undefined);
  });

  it('gets * where every origin is allowed', () => {
    const headers = preflight('https://a.example', {
      allow_origins: ['*'],
      allow_credentials: false,
    });
    expect(headers).toMatchObject({ 'access-control-allow-origin': '*' });
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it.each([
    ['GET', { origin: 'https://app.example.com', 'access-control-request-method': 'POST' }],
    ['OPTIONS', { origin: 'https://app.example.com' }],
    ['OPTIONS', { 'access-control-request-method': 'POST' }],
  ])('is not one that is %s with %j', (method, headers) => {
    expect(preflightHeaders(policy, { method, headers })).toBeUndefined();
  });
});

describe('the response to a request of another origin', () => {
  const fromUpstream = { 'content-type': 'text/plain', 'access-control-allow-origin': '*' };

  it('has the headers of the policy, and not those of the upstream', () => {
    expect(withCorsHeaders(policy, 'https://app.example.com', fromUpstream)).toEqual({
      'content-type': 'text/plain',
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-request-id',
    });
  });

  it.each([undefined, 'https://evil.example'])('has none of them for the origin %s', (origin) => {
    expect(withCorsHeaders(policy, origin, fromUpstream)).toEqual({ 'content-type': 'text/plain' });
  });
});
