import { createHash, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { captureOutput } from '../testing/captured-output.ts';
import { httpApiEvent, lambdaContext } from '../testing/events.ts';
import { seededRandom } from '../testing/random.ts';
import { startStubServices, type StubServices } from '../testing/stub-services.ts';
import { start } from './index.ts';

/** Words that stand nowhere else: whoever sees one of them has seen a secret. */
const planted: string[] = [];
const plant = (slot: string): string => {
  const secret = `${slot}-${createHash('sha256').update(`${slot}${planted.length}`).digest('hex').slice(0, 24)}`;
  planted.push(secret);
  return secret;
};

const keyBytes = randomBytes(32);
let misbehave: (response: ServerResponse) => boolean = () => false;
let stub: StubServices;
let gateway: ReturnType<typeof start>;
const output = captureOutput();
const clientErrors: string[] = [];
const lines: string[] = [];

beforeAll(async () => {
  stub = await startStubServices({
    keyBytes,
    aws: (_, response) => misbehave(response),
    service: (request, response) => {
      const [, kind = ''] = /\/users\/(\w+)/.exec(request.url ?? '') ?? [];
      upstreamAnswers[kind]?.(response);
      if (!response.writableEnded && !response.destroyed) response.end('{}');
    },
  });
  gateway = start({
    ...stub.environment,
    AWS_ACCESS_KEY_ID: plant('AKIA'),
    AWS_SECRET_ACCESS_KEY: plant('aws-secret'),
    AWS_SESSION_TOKEN: plant('aws-session'),
  });
  planted.push(keyBytes.toString('base64url'), keyBytes.toString('hex'));
});

afterAll(async () => {
  output.giveBack();
  await stub.stop();
});

/** What a service may give away when it fails. */
const upstreamAnswers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  nonsense: (response) => void response.socket?.end(`HTTP/1.1 ${plant('status')} nonsense\r\n\r\n`),
  header: (response) =>
    void response.socket?.end(`HTTP/1.1 200 OK\r\nX y: ${plant('bad-header')}\r\n\r\n`),
  length: (response) => {
    const body = plant('half-body');
    response.socket?.end(`HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n${body}`);
  },
  reset: (response) => void response.socket?.destroy(),
};

const send = async (...request: Parameters<typeof httpApiEvent>): Promise<void> => {
  const answer = await gateway(httpApiEvent(...request), lambdaContext(3_000));
  if ((answer.statusCode ?? 500) >= 400) clientErrors.push(JSON.stringify(answer));
  lines.push(...output.take());
};

const ways: ReadonlyArray<readonly [string, (token: string) => Parameters<typeof httpApiEvent>]> = [
  [
    'bearer',
    () => ['GET', '/api/v1/users', { headers: { authorization: `Bearer ${plant('bearer')}` } }],
  ],
  [
    'basic',
    () => ['GET', '/api/v1/users', { headers: { authorization: `Basic ${plant('basic')}` } }],
  ],
  [
    'cookie',
    () => [
      'GET',
      '/api/v1/users',
      { cookies: [`session_token=${plant('cookie')}`, `other=${plant('cookie')}`] },
    ],
  ],
  [
    'api key',
    (token) => [
      'GET',
      '/api/v1/users',
      { headers: { authorization: `Bearer ${token}`, 'x-api-key': plant('api-key') } },
    ],
  ],
  [
    'header',
    () => [
      'GET',
      '/api/v1/status',
      { headers: { 'x-secret': plant('header'), 'proxy-authorization': plant('proxy') } },
    ],
  ],
  [
    'header of control characters',
    () => ['GET', '/api/v1/status', { headers: { 'x-secret': `${plant('control')}\r\n\u0000` } }],
  ],
  [
    'header that is a trace',
    () => [
      'GET',
      '/api/v1/status',
      { headers: { traceparent: plant('trace'), 'x-amzn-trace-id': plant('trace') } },
    ],
  ],
  ['query', () => ['GET', '/api/v1/status', { query: `password=${plant('query')}` }]],
  [
    'query that does not fit',
    (token) => [
      'GET',
      '/api/v1/users',
      { query: `limit=${plant('limit')}`, headers: { authorization: `Bearer ${token}` } },
    ],
  ],
  [
    'body that is no JSON',
    (token) => [
      'POST',
      '/api/v1/users',
      {
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: `{"password":"${plant('body')}"`,
      },
    ],
  ],
  [
    'body that does not fit',
    (token) => [
      'POST',
      '/api/v1/users',
      {
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ email: plant('value'), extra: plant('extra') }),
      },
    ],
  ],
  [
    'content type',
    (token) => [
      'POST',
      '/api/v1/users',
      {
        headers: { authorization: `Bearer ${token}`, 'content-type': plant('content-type') },
        body: plant('body'),
      },
    ],
  ],
  [
    'token of no session',
    () => [
      'GET',
      '/api/v1/users',
      { headers: { cookie: `session_token=${plant('cookie-header')}` } },
    ],
  ],
  [
    'idempotency key',
    (token) => [
      'POST',
      '/api/v1/users',
      {
        headers: { authorization: `Bearer ${token}`, 'idempotency-key': plant('idempotency') },
        body: '{',
      },
    ],
  ],
  ...Object.keys(upstreamAnswers).map((kind): (typeof ways)[number] => [
    `service: ${kind}`,
    (token) => ['GET', `/api/v1/users/${kind}`, { headers: { authorization: `Bearer ${token}` } }],
  ]),
];

const awsFaults: ReadonlyArray<(response: ServerResponse) => void> = [
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

const seen = (texts: readonly string[]): string[] =>
  planted.filter((secret) => texts.some((text) => text.includes(secret)));

describe('two hundred secrets, planted wherever a request, a service or AWS can hold one', () => {
  it('are in no log line, metric or error, and each line is one JSON record', async () => {
    const token = await stub.signIn('alice');
    planted.push(token);
    for (let round = 0; planted.length < 200; round += 1) {
      for (const [, way] of ways) await send(...way(token));
      misbehave = (response) => {
        awsFaults[round % awsFaults.length]?.(response);
        return true;
      };
      await send('GET', '/api/v1/users', { headers: { authorization: `Bearer ${token}` } });
      await send('GET', '/health/ready');
      misbehave = () => false;
    }
    expect(planted.length).toBeGreaterThanOrEqual(200);
    expect(seen(clientErrors)).toEqual([]);
    expect(seen(lines)).toEqual([]);
    for (const line of lines) {
      expect(line.endsWith('\n')).toBe(true);
      expect(typeof JSON.parse(line)).toBe('object');
      expect(line.slice(0, -1)).not.toMatch(/[\r\n]/);
    }
    expect(clientErrors.length).toBeGreaterThan(50);
    expect(lines.length).toBeGreaterThan(60);
  }, 30_000);

  it('keep the log whole, whatever a path or method holds', async () => {
    const random = seededRandom(1);
    const anyText = () =>
      String.fromCharCode(...Array.from({ length: 40 }, () => Math.floor(random() * 0x1_0000)));
    for (let round = 0; round < 200; round += 1) {
      await send(anyText(), `/${anyText()}\n{"level":"ERROR"}`, {
        headers: { [anyText()]: anyText() },
      });
    }
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
  });

  it('would be found where they are let out', async () => {
    const secret = plant('path');
    lines.length = 0;
    await send('GET', `/nowhere/${secret}`); // A path is no place for a secret: it is logged.
    expect(seen(lines)).toEqual([secret]);
  });
});
