import { respondWith, type Behavior } from './fake-aws/behaviors.ts';
import type { httpApiEvent } from './events.ts';

export type Request = Parameters<typeof httpApiEvent>;

/** Creates a unique word, by which a leaked secret is recognized. */
export type Plant = (slot: string) => string;

/** Raw responses of a service that leak data when it fails. */
export const serviceFaults = (plant: Plant): Readonly<Record<string, () => string>> => ({
  nonsense: () => `HTTP/1.1 ${plant('status')} nonsense\r\n\r\n`,
  header: () => `HTTP/1.1 200 OK\r\nX y: ${plant('bad-header')}\r\n\r\n`,
  length: () => `HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n${plant('half-body')}`,
  reset: () => '',
});

type Way = (token: string) => Request;
type Parts = NonNullable<Request[2]>;

/** Requests with a secret in each slot. */
export const waysIn = (plant: Plant): readonly Way[] => {
  const anonymous =
    (path: string, parts: () => Parts): Way =>
    () => ['GET', path, parts()];
  const signedIn =
    (method: string, parts: () => Parts, path = '/api/v1/users'): Way =>
    (token) => {
      const { headers, ...rest } = parts();
      return [method, path, { ...rest, headers: { ...headers, authorization: `Bearer ${token}` } }];
    };
  const json = { 'content-type': 'application/json' };
  const [users, status] = ['/api/v1/users', '/api/v1/status'];
  return [
    anonymous(users, () => ({ headers: { authorization: `Bearer ${plant('bearer')}` } })),
    anonymous(users, () => ({ headers: { authorization: `Basic ${plant('basic')}` } })),
    anonymous(users, () => ({ headers: { cookie: `session_token=${plant('cookie-header')}` } })),
    anonymous(users, () => ({
      cookies: [`session_token=${plant('cookie')}`, `other=${plant('cookie')}`],
    })),
    anonymous(status, () => ({
      query: `password=${plant('query')}`,
      headers: { 'x-secret': plant('header'), 'proxy-authorization': plant('proxy') },
    })),
    anonymous(status, () => ({ headers: { 'x-secret': `${plant('control')}\r\n\u0000` } })),
    anonymous(status, () => ({
      headers: { traceparent: plant('trace'), 'x-amzn-trace-id': plant('trace') },
    })),
    signedIn('GET', () => ({ headers: { 'x-api-key': plant('api-key') } })),
    signedIn('GET', () => ({ query: `limit=${plant('limit')}` })),
    signedIn('POST', () => ({ headers: json, body: `{"password":"${plant('body')}"` })),
    signedIn('POST', () => ({
      headers: { ...json, 'idempotency-key': plant('idempotency') },
      body: JSON.stringify({ email: plant('value'), extra: plant('extra') }),
    })),
    signedIn('POST', () => ({
      headers: { 'content-type': plant('content-type') },
      body: plant('body'),
    })),
    ...Object.keys(serviceFaults(plant)).map((fault) =>
      signedIn('GET', () => ({}), `/api/v1/users/${fault}`),
    ),
  ];
};

/** Responses of AWS that leak data when it fails. */
export const awsFaults = (plant: Plant): readonly Behavior[] => [
  (response) =>
    respondWith(400, { __type: `x#${plant('type')}`, message: plant('aws-message') })(response),
  (response) => respondWith(200, `{"Item": ${plant('no-json')}`)(response),
  (response) => respondWith(200, { SecretString: plant('secret-string') })(response),
  (response) => respondWith(500, plant('aws-body'))(response),
];
