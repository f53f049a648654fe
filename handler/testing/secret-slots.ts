import type { ServerResponse } from 'node:http';
import type { httpApiEvent } from './events.ts';

export type Request = Parameters<typeof httpApiEvent>;

/** Creates a unique word, by which a leaked secret is recognized. */
export type Plant = (slot: string) => string;

export type Misbehave = (response: ServerResponse) => void;

/** Data that a service may leak when it fails. */
export const serviceFaults = (plant: Plant): Readonly<Record<string, Misbehave>> => ({
  nonsense: (response) => void response.socket?.end(`HTTP/1.1 ${plant('status')} nonsense\r\n\r\n`),
  header: (response) =>
    void response.socket?.end(`HTTP/1.1 200 OK\r\nX y: ${plant('bad-header')}\r\n\r\n`),
  length: (response) => {
    const body = plant('half-body');
    response.socket?.end(`HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n${body}`);
  },
  reset: (response) => void response.socket?.destroy(),
});

/** Requests of a signed-in client with a secret in each slot. */
export const waysIn = (plant: Plant): ReadonlyArray<(token: string) => Request> => [
  () => ['GET', '/api/v1/users', { headers: { authorization: `Bearer ${plant('bearer')}` } }],
  () => ['GET', '/api/v1/users', { headers: { authorization: `Basic ${plant('basic')}` } }],
  () => [
    'GET',
    '/api/v1/users',
    { cookies: [`session_token=${plant('cookie')}`, `other=${plant('cookie')}`] },
  ],
  (token) => [
    'GET',
    '/api/v1/users',
    { headers: { authorization: `Bearer ${token}`, 'x-api-key': plant('api-key') } },
  ],
  () => [
    'GET',
    '/api/v1/status',
    { headers: { 'x-secret': plant('header'), 'proxy-authorization': plant('proxy') } },
  ],
  () => ['GET', '/api/v1/status', { headers: { 'x-secret': `${plant('control')}\r\n\u0000` } }],
  () => [
    'GET',
    '/api/v1/status',
    { headers: { traceparent: plant('trace'), 'x-amzn-trace-id': plant('trace') } },
  ],
  () => ['GET', '/api/v1/status', { query: `password=${plant('query')}` }],
  (token) => [
    'GET',
    '/api/v1/users',
    { query: `limit=${plant('limit')}`, headers: { authorization: `Bearer ${token}` } },
  ],
  (token) => [
    'POST',
    '/api/v1/users',
    {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: `{"password":"${plant('body')}"`,
    },
  ],
  (token) => [
    'POST',
    '/api/v1/users',
    {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ email: plant('value'), extra: plant('extra') }),
    },
  ],
  (token) => [
    'POST',
    '/api/v1/users',
    {
      headers: { authorization: `Bearer ${token}`, 'content-type': plant('content-type') },
      body: plant('body'),
    },
  ],
  () => [
    'GET',
    '/api/v1/users',
    { headers: { cookie: `session_token=${plant('cookie-header')}` } },
  ],
  (token) => [
    'POST',
    '/api/v1/users',
    {
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': plant('idempotency') },
      body: '{',
    },
  ],
  ...Object.keys(serviceFaults(plant)).map((kind) => (token: string): Request => [
    'GET',
    `/api/v1/users/${kind}`,
    { headers: { authorization: `Bearer ${token}` } },
  ]),
];

/** Data that AWS may leak when it fails. */
export const awsFaults = (plant: Plant): readonly Misbehave[] => [
  (response) => {
    response.statusCode = 400;
    response.end(JSON.stringify({ __type: `x#${plant('type')}`, message: plant('aws-message') }));
  },
  (response) => void response.end(`{"Item": ${plant('no-json')}`),
  (response) => void response.end(JSON.stringify({ SecretString: plant('secret-string') })),
  (response) => {
    response.statusCode = 500;
    response.end(plant('aws-body'));
  },
];
