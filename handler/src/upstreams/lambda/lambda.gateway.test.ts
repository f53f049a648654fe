import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEventV2WithLambdaAuthorizer } from 'aws-lambda';
import { type AwsUpstreamWorld, startAwsUpstreams } from '../../../testing/aws-upstreams.ts';
import { hang, refuseWith, reset, respondWith } from '../../../testing/fake-aws/behaviors.ts';
import type { AwsRequest } from '../../../testing/fake-aws/fake-aws.ts';
import { signatureProblem } from '../../../testing/fake-aws/signature.ts';

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:quotes:live';
const queuedArn = 'arn:aws:lambda:us-east-1:123456789012:function:reports';

const contract = `
openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
x-postern:
  version: 1
  failureLimit: false
  upstreams:
    quotes: { lambda: {}, timeout: 5s, retries: 5, breaker: { failures: 3 } }
    slow: { lambda: {}, timeout: 300ms }
    bodies: { lambda: { payload: body } }
    reports: { lambda: { async: true } }
    login: { lambda: {}, session: start }
  defaults: { rateLimits: [], maxBodySize: 6MiB }
security: []
paths:
  /quotes/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    x-postern: { upstream: quotes }
    get: { responses: { '200': { description: A quote } } }
    post: { responses: { '200': { description: A quote } }, requestBody: { content: { '*/*': {} } } }
  /slow:
    x-postern: { upstream: slow }
    get: { responses: { '200': { description: A quote } } }
  /members:
    x-postern: { upstream: quotes }
    get: { security: [{ session: [] }], responses: { '200': { description: A quote } } }
  /bodies:
    x-postern: { upstream: bodies }
    post: { responses: { '200': { description: A quote } }, requestBody: { content: { '*/*': {} } } }
  /reports:
    x-postern: { upstream: reports }
    post: { responses: { '202': { description: Accepted } }, requestBody: { content: { '*/*': {} } } }
  /login:
    x-postern: { upstream: login }
    post: { responses: { '200': { description: Signed in } } }
components:
  securitySchemes:
    session: { type: http, scheme: bearer, x-postern: { session: {} } }
`;

type FunctionEvent = APIGatewayProxyEventV2WithLambdaAuthorizer<Record<string, unknown>>;

let world: AwsUpstreamWorld;
let payloads: unknown[] = [];

beforeAll(async () => {
  world = await startAwsUpstreams(contract, {
    UPSTREAM_QUOTES_ARN: arn,
    UPSTREAM_SLOW_ARN: arn,
    UPSTREAM_BODIES_ARN: arn,
    UPSTREAM_REPORTS_ARN: queuedArn,
    UPSTREAM_LOGIN_ARN: arn,
  });
});
afterAll(() => world.stop());
afterEach(() => {
  payloads = [];
  world.aws.behave(world.aws.sound);
});

/** The function returns this; what it gets is kept. */
const returns = (result: unknown): void => {
  const call = (payload: unknown): unknown => {
    payloads.push(payload);
    if (result instanceof Error) throw result;
    return result;
  };
  for (const each of [arn, queuedArn]) world.aws.functions.set(each, call);
};

const eventOf = async (...request: Parameters<AwsUpstreamWorld['send']>) => {
  returns({});
  await world.send(...request);
  return payloads[0] as FunctionEvent;
};

describe('the event for a function', () => {
  it('is that of an HTTP API, payload format 2.0', async () => {
    const event = await eventOf('GET', '/quotes/a b', {
      query: 'x=1&x=2&y=a%20b',
      cookies: ['theme=dark'],
      headers: { 'user-agent': 'curl', 'x-tag': 'ä' },
    });
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /quotes/{id}',
      rawPath: '/quotes/a b',
      rawQueryString: 'x=1&x=2&y=a%20b',
      queryStringParameters: { x: '1,2', y: 'a b' },
      pathParameters: { id: 'a b' },
      cookies: ['theme=dark'],
      headers: {
        'x-tag': 'ä',
        host: 'abc123.execute-api.us-east-1.amazonaws.com',
        'x-forwarded-for': '198.51.100.7',
        'x-request-id': 'request-1',
      },
      requestContext: {
        accountId: '123456789012',
        apiId: 'abc123',
        domainPrefix: 'abc123',
        authorizer: { lambda: {} },
        http: { method: 'GET', path: '/quotes/a b', sourceIp: '198.51.100.7', userAgent: 'curl' },
        requestId: 'request-1',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      },
      isBase64Encoded: false,
    });
    expect(event).not.toHaveProperty('body');
  });

  it('has the caller where a Lambda authorizer’s context is, and none of the credentials', async () => {
    const token = await world.signIn('alice', { roles: ['admin'] });
    const event = await eventOf('GET', '/members', {
      headers: { authorization: `Bearer ${token}`, 'x-user-id': 'mallory' },
      cookies: [`__Host-session_token=${token}`, 'theme=dark'],
    });
    expect(event.requestContext.authorizer.lambda).toMatchObject({
      userId: 'alice',
      roles: ['admin'],
    });
    expect(event.headers).toMatchObject({ 'x-user-id': 'alice', 'x-user-roles': 'admin' });
    expect(event.cookies).toEqual(['theme=dark']);
    expect(JSON.stringify(event)).not.toContain(token);
  });

  it.each<[type: string, body: string | Buffer, expected: object]>([
    ['application/json', '{"a":"ä"}', { body: '{"a":"ä"}', isBase64Encoded: false }],
    ['application/problem+json', '{}', { body: '{}', isBase64Encoded: false }],
    ['text/csv; charset=utf-8', 'a,b', { body: 'a,b', isBase64Encoded: false }],
    ['image/png', Buffer.from('a'), { body: 'YQ==', isBase64Encoded: true }],
    ['text/plain', Buffer.from([0xff]), { body: '/w==', isBase64Encoded: true }],
  ])('has a body of %s as API Gateway sends it', async (type, body, expected) => {
    const event = await eventOf('POST', '/quotes/1', { headers: { 'content-type': type }, body });
    expect(event).toMatchObject(expected);
  });

  it('is the body alone where the contract says so', async () => {
    returns({ price: 3 });
    const headers = { 'content-type': 'application/json' };
    const { statusCode, body } = await world.send('POST', '/bodies', { headers, body: '{"a":1}' });
    expect({ statusCode, body }).toEqual({ statusCode: 200, body: '{"price":3}' });
    expect(payloads).toEqual([{ a: 1 }]);
  });

  it('is not sent if it must be the body, and the body is not JSON', async () => {
    returns({});
    const headers = { 'content-type': 'text/plain' };
    expect(await world.send('POST', '/bodies', { headers, body: 'a=1' })).toMatchObject({
      statusCode: 400,
      json: { code: 'BAD_REQUEST', detail: 'Send a body that is JSON.' },
    });
    expect(payloads).toEqual([]);
  });

  it('is signed for the exact ARN, alias included', async () => {
    returns({});
    const requests: AwsRequest[] = [];
    world.aws.behave((response, request) => {
      requests.push(request);
      return world.aws.sound(response, request);
    });
    await world.send('GET', '/quotes/1');
    const [{ path } = { path: '' }] = requests;
    expect(decodeURIComponent(path ?? '')).toBe(`/2015-03-31/functions/${arn}/invocations`);
    expect(requests.map(signatureProblem)).toEqual([undefined]);
  });
});

describe('the result of a function', () => {
  it.each<[what: string, result: unknown, expected: object]>([
    [
      'with a status is the response',
      { statusCode: 201, headers: { 'X-A': 'b', etag: 7 }, cookies: ['c=1', 'd=2'], body: 'ä' },
      {
        statusCode: 201,
        headers: expect.objectContaining({
          'x-a': 'b',
          etag: '7',
          'content-type': 'text/plain;charset=UTF-8',
        }),
        cookies: ['c=1', 'd=2'],
        body: 'ä',
      },
    ],
    [
      'in base64 is bytes',
      {
        statusCode: 200,
        headers: { 'content-type': 'image/png' },
        body: '/w==',
        isBase64Encoded: true,
      },
      { statusCode: 200, body: '/w==', isBase64Encoded: true },
    ],
    [
      'without a status is the JSON of a 200',
      { message: 'ä' },
      {
        statusCode: 200,
        body: '{"message":"ä"}',
        headers: expect.objectContaining({ 'content-type': 'application/json' }),
      },
    ],
    ['that is a text is the body of a 200', 'hello', { statusCode: 200, body: 'hello' }],
    ['that is nothing is the JSON of a 200', undefined, { statusCode: 200, body: 'null' }],
    ['with a status as a text is the response', { statusCode: '204' }, { statusCode: 204 }],
  ])('%s', async (_, result, expected) => {
    returns(result);
    expect(await world.send('GET', '/quotes/1')).toMatchObject(expected);
  });

  it('sets no session cookie, unless the function signs users in', async () => {
    returns({ statusCode: 200, cookies: ['__Host-session_token=x; Path=/', 'a=1'] });
    expect((await world.send('GET', '/quotes/1')).cookies).toEqual(['a=1']);
    expect((await world.send('POST', '/login')).cookies).toHaveLength(2);
  });

  it('refers to its own paths, which are below the stage for clients', async () => {
    const headers = { 'content-location': 'https://elsewhere.example/a' };
    const cookies = ['a=1; Path=/', 'b=2; Path=/quotes; Domain=example.com'];
    for (const location of [
      ...['/quotes/7?a=1', '/v1/quotes/7?a=1'],
      'https://abc123.execute-api.us-east-1.amazonaws.com/quotes/7?a=1',
    ]) {
      returns({ statusCode: 302, headers: { ...headers, location }, cookies });
      const result = await world.send('GET', '/quotes/1');
      expect(result.headers?.['location']).toBe('/v1/quotes/7?a=1');
      expect(result.headers).toMatchObject(headers);
      expect(result.cookies).toEqual(['a=1; Path=/v1', 'b=2; Path=/v1/quotes; Domain=example.com']);
    }
    expect(payloads[0]).toMatchObject({ headers: { 'x-forwarded-prefix': '/v1' } });
    const unstaged = await world.send('GET', '/quotes/1', { stage: '$default' });
    expect(unstaged.headers?.['location']).toMatch(/[^1]\/quotes\/7\?a=1$/);
    expect(payloads.at(-1)).not.toHaveProperty(['headers', 'x-forwarded-prefix']);
  });

  it.each<[what: string, result: unknown]>([
    ['a status of 99', { statusCode: 99 }],
    ['a status that is no number', { statusCode: 'ok' }],
    ['a body that is an object', { statusCode: 200, body: {} }],
    ['a header with a line break', { statusCode: 200, headers: { a: 'b\nc' } }],
    ['a header whose name is none', { statusCode: 200, headers: { 'a b': 'c' } }],
    ['a header that is a list', { statusCode: 200, headers: { a: ['b'] } }],
  ])('is a 502 with %s', async (_, result) => {
    returns(result);
    expect(await world.send('GET', '/quotes/1')).toMatchObject({
      statusCode: 502,
      json: { code: 'UPSTREAM_BAD_RESPONSE' },
    });
  });

  it('is a 502 if it is larger than a response can be', async () => {
    const body = Buffer.alloc(5 * 1024 * 1024).toString('base64');
    returns({
      statusCode: 200,
      headers: { 'content-type': 'image/png' },
      body,
      isBase64Encoded: true,
    });
    expect(await world.send('GET', '/quotes/1')).toMatchObject({
      statusCode: 502,
      json: { code: 'UPSTREAM_RESPONSE_TOO_LARGE' },
    });
  });
});

describe('a function that fails', () => {
  it('is a 502, and only the log says how', async () => {
    returns(new RangeError('card 4111 is not valid'));
    const { statusCode, body, json } = await world.send('GET', '/quotes/1');
    expect({ statusCode, code: json['code'] }).toEqual({
      statusCode: 502,
      code: 'UPSTREAM_BAD_RESPONSE',
    });
    expect(body).not.toMatch(/RangeError|4111/);
    const line = JSON.stringify(world.lines.at(-1));
    expect(line).toContain('RangeError');
    expect(line).not.toContain('4111');
  });

  it('by its own timeout is a 504', async () => {
    returns(new Error('RequestId: 1 Error: Task timed out after 3.00 seconds'));
    expect(await world.send('GET', '/quotes/1')).toMatchObject({
      statusCode: 504,
      json: { code: 'UPSTREAM_TIMEOUT' },
    });
  });

  it('to respond in time is a 504', async () => {
    world.aws.behave(hang);
    expect(await world.send('GET', '/slow')).toMatchObject({
      statusCode: 504,
      json: { code: 'UPSTREAM_TIMEOUT' },
    });
  });
});

describe('Lambda', () => {
  it.each<[what: string, status: number, code: string, expected: object]>([
    ['that throttles is a 503 with Retry-After', 429, 'TooManyRequestsException', unavailable()],
    ['that fails is a 503 with Retry-After', 500, 'ServiceException', unavailable()],
    [
      'that refuses the role is a 502',
      403,
      'AccessDeniedException',
      { statusCode: 502, json: { code: 'UPSTREAM_BAD_RESPONSE' } },
    ],
  ])('%s', async (_, status, code, expected) => {
    world.aws.behave(refuseWith(code, { message: `${arn} is not allowed` }, status));
    const response = await world.send('POST', '/quotes/1');
    expect(response).toMatchObject(expected);
    expect(response.body).not.toContain('arn:aws');
    expect(JSON.stringify(world.lines.at(-1))).toContain(code);
  });

  it('that does not know the function is a 502, and the log says what to check', async () => {
    world.aws.functions.clear();
    expect(await world.send('GET', '/quotes/1')).toMatchObject({ statusCode: 502 });
    expect(JSON.stringify(world.lines.at(-1))).toMatch(/ResourceNotFound.*|ARN of the upstream/);
  });

  it('is called again after a lost connection if the method is idempotent', async () => {
    returns({ ok: true });
    world.aws.behave(reset, world.aws.sound);
    expect(await world.send('GET', '/quotes/1')).toMatchObject({ statusCode: 200 });
  });

  it('is not called again after a lost connection for POST without an Idempotency-Key', async () => {
    returns({ ok: true });
    world.aws.behave(reset, world.aws.sound);
    expect(await world.send('POST', '/quotes/1')).toMatchObject({ statusCode: 502 });
    expect(payloads).toEqual([]);
    world.aws.behave(reset, world.aws.sound);
    const headers = { 'idempotency-key': 'k' };
    expect(await world.send('POST', '/quotes/1', { headers })).toMatchObject({ statusCode: 200 });
  });

  it('gets no event larger than it takes: 413 with the limit', async () => {
    returns({});
    const body = Buffer.alloc(5 * 1024 * 1024);
    const headers = { 'content-type': 'image/png' };
    expect(await world.send('POST', '/quotes/1', { headers, body })).toMatchObject({
      statusCode: 413,
      json: { code: 'BODY_TOO_LARGE', detail: expect.stringContaining('6291456 are allowed') },
    });
    expect(await world.send('POST', '/reports', { headers, body })).toMatchObject({
      statusCode: 413,
      json: { detail: expect.stringContaining('1048576 are allowed') },
    });
    expect(payloads).toEqual([]);
  });
});

const queued = { headers: { 'content-type': 'application/json' }, body: '{}' };

describe('an asynchronous call', () => {
  it('is a 202 with an id once Lambda has queued the event', async () => {
    returns({ ignored: true });
    expect(await world.send('POST', '/reports', queued)).toMatchObject({
      statusCode: 202,
      json: { id: 'request-1' },
    });
    expect(payloads).toHaveLength(1);
  });

  it('is no 202 if Lambda has not queued it', async () => {
    world.aws.behave(respondWith(500, {}));
    expect((await world.send('POST', '/reports', queued)).statusCode).toBe(503);
  });
});

describe('the breaker of a function', () => {
  it('opens after failures of Lambda itself, for everyone', async () => {
    const own = await startAwsUpstreams(contract, {
      UPSTREAM_QUOTES_ARN: arn,
      UPSTREAM_SLOW_ARN: arn,
      UPSTREAM_BODIES_ARN: arn,
      UPSTREAM_REPORTS_ARN: arn,
      UPSTREAM_LOGIN_ARN: arn,
    });
    own.aws.behave(respondWith(503, {}));
    const codes: unknown[] = [];
    for (let count = 0; count < 4; count += 1)
      codes.push((await own.send('POST', '/quotes/1')).json['code']);
    await own.stop();
    expect(codes).toEqual([
      ...Array<string>(3).fill('UPSTREAM_UNAVAILABLE'),
      'UPSTREAM_BREAKER_OPEN',
    ]);
  });
});

describe('the ARN of a function', () => {
  it.each([
    ['is missing', '', 'is missing'],
    ['is a URL', 'https://quotes.internal', 'is not the ARN of a Lambda function'],
    [
      'is of another kind',
      'arn:aws:sqs:us-east-1:123456789012:quotes',
      'is not the ARN of a Lambda function',
    ],
    [
      'is of another region',
      'arn:aws:lambda:eu-west-1:123456789012:function:quotes',
      "is not the ARN of a Lambda function in the gateway's own region",
    ],
  ])('that %s is a misconfiguration, which the log names', async (_, text, message) => {
    const own = await startAwsUpstreams(contract, {
      UPSTREAM_QUOTES_ARN: text,
      UPSTREAM_SLOW_ARN: arn,
      UPSTREAM_BODIES_ARN: arn,
      UPSTREAM_REPORTS_ARN: arn,
      UPSTREAM_LOGIN_ARN: arn,
    });
    const { statusCode, json } = await own.send('GET', '/quotes/1');
    await own.stop();
    expect({ statusCode, code: json['code'] }).toEqual({
      statusCode: 503,
      code: 'GATEWAY_MISCONFIGURED',
    });
    const lines = JSON.stringify(own.lines);
    expect(lines).toContain('UPSTREAM_QUOTES_ARN');
    expect(lines).toContain(message);
  });
});

function unavailable() {
  return {
    statusCode: 503,
    headers: expect.objectContaining({ 'retry-after': '1' }),
    json: { code: 'UPSTREAM_UNAVAILABLE' },
  };
}
