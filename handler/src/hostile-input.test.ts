import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hostileEvent } from '../testing/hostile/hostile-event.ts';
import { breachesOf } from '../testing/hostile/invariants.ts';
import {
  type Observation,
  type OpenGateway,
  startOpenGateway,
} from '../testing/hostile/open-gateway.ts';

describe('an event that is not a request', () => {
  let gateway: OpenGateway;
  beforeAll(async () => {
    gateway = await startOpenGateway();
  });
  afterAll(() => gateway.close());

  const event = hostileEvent({});
  const { http, ...contextWithoutHttp } = event.requestContext;
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['a text', 'GET /'],
    ['a list', [event]],
    ['an empty object', {}],
    ['a REST API’s', { httpMethod: 'GET', path: '/', requestContext: { stage: 'v1' } }],
    ['a load balancer’s', { httpMethod: 'GET', path: '/', requestContext: { elb: {} } }],
    ['a queue’s', { Records: [{ messageId: '1', body: '{}', eventSource: 'aws:sqs' }] }],
    ['a schedule’s', { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }],
    ['one without context', { ...event, requestContext: undefined }],
    ['one whose context is null', { ...event, requestContext: null }],
    ['one without http', { ...event, requestContext: contextWithoutHttp }],
    ['one without an address', withHttp({ ...http, sourceIp: undefined })],
    ['one with a method that is no text', withHttp({ ...http, method: 1 })],
    ['one with a path that is none', { ...event, rawPath: 'x' }],
    ['one without a query', { ...event, rawQueryString: undefined }],
  ])('is refused with 400 and one line in the log: %s', async (_, given) => {
    const { outcome, received, output } = await gateway.observe(given);
    expect(outcome).toMatchObject({ result: { statusCode: 400 } });
    expect(received).toEqual([]);
    expect(output.map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({ error_code: 'BAD_REQUEST' }),
    ]);
  });

  function withHttp(changed: object): unknown {
    return { ...event, requestContext: { ...event.requestContext, http: changed } };
  }

  it.each<[string, object]>([
    ['headers', { headers: undefined }],
    ['headers that are null', { headers: null }],
    ['a body that is null', { body: null }],
    [
      'a domain',
      { requestContext: { ...event.requestContext, domainName: undefined }, rawPath: '/public/x' },
    ],
    [
      'a stage',
      { requestContext: { ...event.requestContext, stage: undefined }, rawPath: '/public/x' },
    ],
  ])('is still a request without %s', async (_, changes) => {
    const { outcome } = await gateway.observe({ ...event, ...changes });
    expect(outcome).toMatchObject({ result: { statusCode: 200 } });
  });
});

describe('the invariants for hostile input', () => {
  let gateway: OpenGateway;
  let sound: Observation;
  beforeAll(async () => {
    gateway = await startOpenGateway();
    sound = await gateway.observe(hostileEvent({ method: 'POST', body: 'text' }));
  });
  afterAll(() => gateway.close());

  const responded = (changes: object): Partial<Observation> => ({
    outcome: { kind: 'responded', result: { statusCode: 200, body: 'fine', ...changes } },
  });
  const sent = (change: (bytes: string) => string, upstream = 'alpha') => ({
    received: sound.received.map(({ bytes }) => ({ upstream, bytes: change(bytes) })),
  });
  const withLine = (line: string) => () =>
    sent((bytes) => bytes.replace('\r\n\r\n', `\r\n${line}\r\n\r\n`));

  it('find no violation in a valid request', () => {
    expect(breachesOf(sound, gateway)).toEqual([]);
  });

  it.each<[string, () => Partial<Observation>, RegExp]>([
    ['an exception', () => ({ outcome: { kind: 'threw', error: new Error('x') } }), /^threw/],
    ['a 5xx', () => responded({ statusCode: 502 }), /^responded 502/],
    ['a status below 200', () => responded({ statusCode: 0 }), /^responded with the status 0/],
    [
      'a broken header',
      () => responded({ headers: { x: 'a\r\nb' } }),
      /^responded with a broken x/,
    ],
    ['a broken cookie', () => responded({ cookies: ['a\nb'] }), /^responded with a broken cookie/],
    [
      'a log line that is not JSON',
      () => ({ output: ['{"a":\n'] }),
      /^logged a line that is not a JSON/,
    ],
    ['two records in one', () => ({ output: ['{}\n{}\n'] }), /^logged 2 records/],
    ['no record', () => ({ output: [] }), /^logged 0 records/],
    ['half a line', () => ({ output: ['{}\n', '{}'] }), /^left a line/],
    ['another address', () => ({ dialled: ['127.0.0.1:1'] }), /^connected to 127\.0\.0\.1:1/],
    ['another caller’s limit', () => ({ limitKeys: ['visitor#ip#203.0.113.66'] }), /^counted for/],
    ['a second request', () => ({ received: [...sound.received, ...sound.received] }), /^sent 2/],
    ['a service not called', () => ({ received: [] }), /^responded for a service/],
    ['a broken request', () => sent((bytes) => bytes.replace('\r\n', '\n')), /^sent no sound HTTP/],
    ['another service', () => sent((bytes) => bytes, 'beta'), /^called beta for \/public\/x/],
    ['a dot segment', () => sent((bytes) => bytes.replace('/x ', '/x/%2e%2e ')), /servers resolve/],
    ['a parameter', () => sent((bytes) => bytes.replace('/x ', '/..;a ')), /^sent the segment/],
    [
      'a parameter of a path',
      () => sent((bytes) => bytes.replace('/x ', '/x;a ')),
      /^sent a param/,
    ],
    [
      'a narrower route',
      () => sent((bytes) => bytes.replace('/public/x ', '/wide/N%41rrow%2520%253bx ')),
      /^sent \/wide\/N%41rrow%2520%253bx, which is/,
    ],
    [
      'a method in the query',
      () => sent((bytes) => bytes.replace('/x ', '/x?a;.Method[]=b ')),
      /^sent the parameter \.Method/,
    ],
    [
      'a parameter that was not checked',
      () => sent((bytes) => bytes.replace('/public/x ', '/json?%2550age=1 '), 'beta'),
      /^sent the parameter %2550age/,
    ],
    [
      'a body that is the next request',
      () => ({
        ...sent((bytes) => bytes.replace('POST /public/x ', 'DELETE /wide/x ')),
        event: hostileEvent({ method: 'DELETE', path: '/wide/x', body: 'text' }),
      }),
      /^sent a body with DELETE/,
    ],
    [
      'another charset',
      () =>
        sent(
          (bytes) =>
            bytes
              .replace('/public/x ', '/json ')
              .replace('\r\n\r\n', '\r\ncontent-type: application/json;charset=utf-7\r\n\r\n'),
          'beta',
        ),
      /^sent JSON as application\/json;charset=utf-7/,
    ],
    ['a fragment', () => sent((bytes) => bytes.replace('/x ', '/x?a#b ')), /^sent a fragment/],
    ['another method', () => sent((bytes) => bytes.replace('POST', 'GET')), /^sent GET/],
    ['another body', () => sent((bytes) => bytes.replace('text', 'tEXt')), /^sent another body/],
    ['a wrong length', () => sent((bytes) => `${bytes}x`), /^sent a wrong Content-Length/],
    ['a second length', withLine('content_length: 4'), /^sent more than one Content-Length/],
    ['a second host', withLine('Host: evil.example'), /^sent alpha host/],
    ['a caller', withLine('x.user-id: mallory'), /^sent alpha x-user-id: \["mallory"\]/],
    ['a second address', withLine('X_Forwarded_For: 1.2.3.4'), /^sent alpha x-forwarded-for/],
    ['a believed header', withLine('X-Real-IP: 1.2.3.4'), /^passed X-Real-IP on/],
    ['a hop-by-hop header', withLine('Transfer-Encoding: chunked'), /^passed Transfer-Encoding/],
    [
      'a session token',
      withLine(`Authorization: Bearer eyJ9.${Buffer.from('{"sid":"x"}').toString('base64url')}.x`),
      /^passed a session token on/,
    ],
    ['the session', withLine('cookie: a=1; session_token=x'), /^passed the session's cookie on/],
  ])('find %s', (_, changes, expected) => {
    expect(breachesOf({ ...sound, ...changes() }, gateway)[0]).toMatch(expected);
  });

  it('do not count a request that a service reads after its timeout', async () => {
    const standStill = (): void => {
      unsubscribe('http.client.request.start', standStill);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    };
    subscribe('http.client.request.start', standStill);
    const late = await gateway.observe(hostileEvent({ path: '/public/late' }), 350);
    const next = await gateway.observe(hostileEvent({}));
    expect(late).toMatchObject({ outcome: { result: { statusCode: 504 } }, received: [] });
    expect(breachesOf(next, gateway)).toEqual([]);
  });

  it('find a polluted prototype', () => {
    const pollute = { enumerable: true, configurable: true, value: true };
    Object.defineProperty(Object.prototype, 'polluted', pollute);
    const breaches = breachesOf(sound, gateway);
    Reflect.deleteProperty(Object.prototype, 'polluted');
    expect(breaches).toContain('polluted a prototype with polluted');
  });
});
