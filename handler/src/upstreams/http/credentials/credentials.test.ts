import { X509Certificate } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { compileFiles } from '../../../../compiler/testing/compile-files.ts';
import { gatewayRequest } from '../../../../testing/gateway-request.ts';
import { loadModule } from '../../../../testing/load-contract.ts';
import { selfSignedCertificate } from '../../../../testing/self-signed-certificate.ts';
import { StoreUnavailable } from '../../../aws/aws-call.ts';
import { valueVariable } from '../../../contract-values.ts';
import type { SettingsReader } from '../../../environment.ts';
import { resultLimits } from '../../../http/response-to-result.ts';
import type { GatewayRequest } from '../../../http/request.ts';
import type { ForwardInput, UpstreamTools } from '../../../parts.ts';
import { createConnections } from '../../../transport/connections.ts';

const contractOf = (upstream: string, security = '[]'): string => `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: { users: { http: {}, retries: 0, ${upstream} }, others: { http: {} } }
  defaults: { rateLimits: [], upstream: users }
paths:
  /users: { get: { security: ${security}, responses: {} }, post: { security: [], responses: {} } }
  /others: { get: { security: [], responses: {}, x-postern: { upstream: others } } }
components:
  securitySchemes:
    session: { type: http, scheme: bearer, x-postern: { session: {} } }
    tokens: { type: openIdConnect, openIdConnectUrl: 'https://issuer.example/.well-known/openid-configuration', x-postern: { jwt: { issuer: https://issuer.example, algorithms: [RS256], audiences: [shop] } } }
`;

const compile = (upstream: string, security?: string) => {
  const compilation = compileFiles({ 'gateway.yaml': contractOf(upstream, security) });
  return compilation.ok
    ? { ...compilation, problems: [], code: compilation.modules['contract.js'] ?? '' }
    : { ...compilation, code: '', summary: undefined };
};

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

type Respond = (received: Received, response: ServerResponse, index: number) => void;

const serve = async (respond: Respond, tls?: Parameters<typeof createTlsServer>[0]) => {
  const received: Received[] = [];
  const certificates: unknown[] = [];
  const listen = (request: IncomingMessage, response: ServerResponse): void => {
    let body = '';
    if (tls !== undefined)
      certificates.push((request.socket as TLSSocket).getPeerCertificate().fingerprint256);
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      received.push({ method, url, headers, body });
      respond({ method, url, headers, body }, response, received.length - 1);
    });
  };
  const server = tls === undefined ? createServer(listen) : createTlsServer(tls, listen);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const origin = tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
  return { origin, received, certificates };
};

const fine: Respond = (_, response) => void response.end('fine');

const arn = (name: string): string => `arn:aws:secretsmanager:eu-central-1:1:secret:${name}-AbCdEf`;

/** A gateway's HTTP upstreams of a contract, against a service; the secrets are those of `texts`, by value. */
const start = async (
  upstream: string,
  {
    service = fine,
    texts = {},
    values = {},
    origin,
    security,
  }: {
    service?: Respond;
    texts?: Record<string, string | undefined>;
    values?: Readonly<Record<string, string>>;
    origin?: string;
    security?: string;
  } = {},
) => {
  const server = await serve(service);
  const { contract, upstreams } = await loadModule({
    'gateway.yaml': contractOf(upstream, security),
  });
  const misconfigurations: string[] = [];
  const variables: Record<string, string> = {
    UPSTREAM_USERS_SERVICE_URL: origin ?? server.origin,
    UPSTREAM_OTHERS_SERVICE_URL: server.origin,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret-of-aws',
    AWS_SESSION_TOKEN: 'session-of-aws',
    ...Object.fromEntries(Object.keys(texts).map((name) => [valueVariable(name), arn(name)])),
    ...Object.fromEntries(
      Object.entries(values).map(([name, value]) => [valueVariable(name), value]),
    ),
  };
  const reader: SettingsReader = {
    variables,
    misconfigurations,
    read: (name, _, parse) => {
      const value = parse(variables[name] ?? '');
      if (value === undefined) misconfigurations.push(name);
      return value as NonNullable<typeof value>;
    },
  };
  const lines: object[] = [];
  const reads: string[] = [];
  const write = (message: string, fields = {}): void => void lines.push({ message, ...fields });
  let offsetMs = 0;
  const tools = {
    connect: createConnections,
    limits: resultLimits,
    log: { info: write, warn: write, error: write },
    metrics: { add: () => undefined, endRequest: () => undefined },
    now: () => Date.now() + offsetMs,
    secrets: {
      getSecretString: async (id: string) => {
        const name = /secret:(\w+)-/.exec(id)?.[1] ?? '';
        reads.push(name);
        const text = texts[name];
        if (text === undefined) throw new StoreUnavailable('gone');
        return text;
      },
    },
    viaName: 'postern',
  } as unknown as UpstreamTools;
  const forwarder = upstreams.http?.(contract, reader)(tools);
  const send = async (
    parts: Partial<GatewayRequest> = {},
    { caller, name = 'users' }: Pick<Partial<ForwardInput>, 'caller'> & { name?: string } = {},
    deadlineInMs = 3_000,
  ) => {
    const request = gatewayRequest({ path: '/users', ...parts });
    const target = { kind: 'http', upstream: name, rewrite: undefined, timeoutMs: 10_000 } as const;
    const forwarded = await forwarder?.forward({
      request,
      route: contract.routes.at(-1) as ForwardInput['route'],
      target,
      params: {},
      deadlineMs: tools.now() + deadlineInMs,
      caller,
      callerKey: () => 'anyone',
    });
    return forwarded?.outcome as { statusCode?: number; code?: string; status?: number };
  };
  return {
    ...server,
    send,
    lines,
    reads,
    misconfigurations,
    pass: (ms: number) => (offsetMs += ms),
  };
};

const refuse: Respond = (_, response) => void response.writeHead(401).end();

const keyed = "credentials: { header: X-Api-Key, secret: '${key}' }";

describe('a secret in a header', () => {
  it('is sent with each request, in place of what the client sent in any spelling', async () => {
    const { send, received } = await start(keyed, { texts: { key: ' one\n' } });
    await send({ headers: { 'x-api-key': 'forged', x_api_key: 'forged' } });
    expect(received[0]?.headers).toMatchObject({ 'x-api-key': 'one' });
    expect(received[0]?.headers).not.toHaveProperty('x_api_key');
  });

  it('can have a prefix, and goes to no other upstream', async () => {
    const { send, received } = await start(
      "credentials: { header: Authorization, prefix: 'Bearer ', secret: '${key}' }",
      { texts: { key: 'one' } },
    );
    await send();
    await send({}, { name: 'others' });
    expect(received.map(({ headers }) => headers.authorization)).toEqual(['Bearer one', undefined]);
  });

  it('is not sent to where a redirect leads', async () => {
    const other = await serve(fine);
    const { send } = await start(keyed, {
      texts: { key: 'one' },
      service: (_, response) => void response.writeHead(302, { location: other.origin }).end(),
    });
    expect(await send()).toMatchObject({ statusCode: 302 });
    expect(other.received).toEqual([]);
  });

  it('is read again after five minutes, without a deploy', async () => {
    const texts: Record<string, string> = { key: 'one' };
    const { send, received, reads, pass } = await start(keyed, { texts });
    await send();
    texts['key'] = 'two';
    await send();
    expect(reads).toEqual(['key']);
    pass(5 * 60_000);
    await send();
    expect(received.map(({ headers }) => headers['x-api-key'])).toEqual(['one', 'one', 'two']);
  });

  it('is read again after a 401, and the request is sent once more, whatever its method', async () => {
    const texts: Record<string, string> = { key: 'one' };
    const { send, received, pass } = await start(keyed, {
      texts,
      service: ({ headers }, response) =>
        void response.writeHead(headers['x-api-key'] === 'two' ? 200 : 401).end(),
    });
    await send();
    texts['key'] = 'two';
    pass(61_000);
    expect(await send({ method: 'POST', body: Buffer.from('hello') })).toMatchObject({
      statusCode: 200,
    });
    expect(received.slice(1).map(({ headers, body }) => [headers['x-api-key'], body])).toEqual([
      ['one', 'hello'],
      ['two', 'hello'],
    ]);
  });

  it('that stays the same is sent once, and its refusal is logged', async () => {
    const { send, received, reads, lines, pass } = await start(keyed, {
      texts: { key: 'one' },
      service: refuse,
    });
    for (let count = 0; count < 3; count += 1)
      expect(await send()).toMatchObject({ statusCode: 401 });
    pass(61_000);
    for (let count = 0; count < 3; count += 1) await send();
    expect(received).toHaveLength(6);
    expect(reads).toHaveLength(2);
    expect(lines[0]).toEqual({
      message: 'an upstream refuses the credentials of the gateway',
      upstream: 'users',
    });
  });

  it('that was read outlives a read that fails', async () => {
    const texts: Record<string, string | undefined> = { key: 'one' };
    const { send, pass } = await start(keyed, { texts });
    await send();
    texts['key'] = undefined;
    pass(5 * 60_000);
    expect(await send()).toMatchObject({ statusCode: 200 });
  });

  it.each([
    ['cannot be read', undefined, undefined],
    ['is empty', '', 'The secret must be one line of 1 to 8192 visible ASCII characters'],
    [
      'has two lines',
      'a\nb: c',
      'The secret must be one line of 1 to 8192 visible ASCII characters',
    ],
    ['is JSON', '{"key":"one"}', 'The secret must be the credential alone, not JSON'],
  ])('that %s is a 503 with a stable code, and a reason in the log', async (_, text, reason) => {
    const { send, received, lines } = await start(keyed, { texts: { key: text } });
    expect(await send()).toMatchObject({ status: 503, code: 'UPSTREAM_CREDENTIALS_UNAVAILABLE' });
    expect(received).toEqual([]);
    expect(lines[0]).toMatchObject({
      message: 'the credentials for an upstream cannot be read',
      upstream: 'users',
      value: 'key',
      reason,
    });
  });

  it('without the ARN of its secret is a misconfiguration', async () => {
    const { misconfigurations } = await start(keyed);
    expect(misconfigurations).toEqual(['GATEWAY_VALUE_key']);
  });
});

const oauth2 = (more = '') =>
  `credentials: { oauth2: { tokenUrl: '\${issuer}/token', clientId: 'gateway:1', secret: '\${client}'${more} } }`;

/** A token endpoint whose tokens are numbered. */
const tokens = (life: number | undefined, changes: Respond = () => undefined) =>
  serve((received, response, index) => {
    changes(received, response, index);
    if (response.writableEnded || response.headersSent) return;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        access_token: `token-${index + 1}`,
        token_type: 'bearer',
        expires_in: life,
      }),
    );
  });

const withTokens = async (
  issuer: { readonly origin: string },
  more = '',
  options: Parameters<typeof start>[1] = {},
) =>
  start(oauth2(more), {
    texts: { client: 'pass%word' },
    ...options,
    values: { issuer: issuer.origin },
  });

describe('an access token of the gateway', () => {
  it('is obtained by the client credentials grant, and used until it is nearly over', async () => {
    const issuer = await tokens(600);
    const { send, received } = await withTokens(issuer, ", scope: 'a b', audience: shop");
    await send({ headers: { authorization: 'Basic forged' } });
    await send();
    expect(received.map(({ headers }) => headers.authorization)).toEqual(
      Array(2).fill('Bearer token-1'),
    );
    expect(issuer.received).toHaveLength(1);
    expect(issuer.received[0]).toMatchObject({
      method: 'POST',
      url: '/token',
      body: 'grant_type=client_credentials&scope=a+b&audience=shop',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from('gateway%3A1:pass%25word').toString('base64')}`,
      },
    });
  });

  it('can be obtained with the client’s secret in the body', async () => {
    const issuer = await tokens(600);
    const { send } = await withTokens(issuer, ', clientAuthentication: post');
    await send();
    expect(issuer.received[0]?.body).toBe(
      'grant_type=client_credentials&client_id=gateway%3A1&client_secret=pass%25word',
    );
    expect(issuer.received[0]?.headers).not.toHaveProperty('authorization');
  });

  it('is obtained once for many requests at a time', async () => {
    const issuer = await tokens(600);
    const { send, received } = await withTokens(issuer);
    await Promise.all(Array.from({ length: 20 }, () => send()));
    expect(received).toHaveLength(20);
    expect(issuer.received).toHaveLength(1);
  });

  it('is renewed early, while requests still use it', async () => {
    const issuer = await tokens(600);
    const { send, received, pass } = await withTokens(issuer);
    await send();
    pass(500_000);
    await send();
    while (issuer.received.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await send();
    expect(received.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  it('is used as long as it is valid if it cannot be renewed', async () => {
    const issuer = await tokens(600, (_, response, index) => {
      if (index > 0) response.writeHead(500).end();
    });
    const { send, lines, pass } = await withTokens(issuer);
    await send();
    pass(500_000);
    expect(await send()).toMatchObject({ statusCode: 200 });
    while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(lines[0]).toEqual({
      message: 'the access token for an upstream cannot be obtained',
      upstream: 'users',
      reason: 'the token endpoint responded 500',
    });
    pass(100_000);
    expect(await send()).toMatchObject({ code: 'UPSTREAM_CREDENTIALS_UNAVAILABLE' });
  });

  it('is replaced after a 401, and the request is sent once more', async () => {
    const issuer = await tokens(600);
    const { send, received, pass } = await withTokens(issuer, '', {
      service: ({ headers }, response) =>
        void response
          .writeHead(
            headers.authorization === 'Bearer token-2' || received.length === 1 ? 200 : 401,
          )
          .end(),
    });
    await send();
    pass(20_000);
    expect(await send()).toMatchObject({ statusCode: 200 });
    expect(received.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  it('is not obtained again and again for a service that refuses every token', async () => {
    const issuer = await tokens(600);
    const { send, received } = await withTokens(issuer, '', { service: refuse });
    for (let count = 0; count < 5; count += 1) await send();
    expect(received).toHaveLength(5);
    expect(issuer.received).toHaveLength(1);
  });

  it('is obtained with the new secret if the client has another one', async () => {
    const texts: Record<string, string> = { client: 'old' };
    const issuer = await tokens(600, ({ headers }, response) => {
      const [, basic = ''] = String(headers.authorization).split(' ');
      if (!Buffer.from(basic, 'base64').toString().endsWith(':new'))
        response.writeHead(401).end('{"error":"invalid_client"}');
    });
    const { send, lines, pass } = await withTokens(issuer, '', { texts });
    await send();
    expect(lines.at(-1)).toMatchObject({
      reason: 'the token endpoint responded 401 invalid_client',
    });
    texts['client'] = 'new';
    pass(61_000);
    expect(await send()).toMatchObject({ statusCode: 200 });
  });

  it('of a slow server is waited for until the deadline of the request, and by one call', async () => {
    const issuer = await tokens(600, (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    });
    const { send } = await withTokens(issuer);
    const startedAtMs = Date.now();
    const outcomes = await Promise.all([send({}, {}, 100), send({}, {}, 150)]);
    expect(outcomes.map(({ code }) => code)).toEqual(
      Array(2).fill('UPSTREAM_CREDENTIALS_UNAVAILABLE'),
    );
    expect(Date.now() - startedAtMs).toBeLessThan(1_500);
    expect(issuer.received).toHaveLength(1);
  });

  it.each([
    ['{}', 'the response of the token endpoint has no access_token'],
    ['not json', 'the response of the token endpoint has no access_token'],
    ['{"access_token":"a\\r\\nx: y","token_type":"bearer"}', 'has no access_token'],
    ['{"access_token":"a","token_type":"mac"}', 'is not Bearer'],
    ['{"access_token":"a","token_type":"Bearer","expires_in":"soon"}', 'is not a number'],
  ])('in a response %s is a 503 with a reason in the log', async (body, reason) => {
    const issuer = await tokens(600, (_, response) => void response.end(body));
    const { send, lines, received } = await withTokens(issuer);
    expect(await send()).toMatchObject({ status: 503, code: 'UPSTREAM_CREDENTIALS_UNAVAILABLE' });
    expect(lines[0]).toMatchObject({ reason: expect.stringContaining(reason) });
    expect(received).toEqual([]);
  });

  it('of an endpoint without TLS that is not on this machine is a misconfiguration', async () => {
    const { misconfigurations } = await withTokens({ origin: 'http://issuer.example' });
    expect(misconfigurations.join()).toContain('"tokenUrl"');
  });

  it('is never in the log, nor is the secret of the client', async () => {
    const issuer = await tokens(600);
    const { send, lines } = await withTokens(issuer, '', { service: refuse });
    await send();
    expect(lines).not.toEqual([]);
    expect(JSON.stringify(lines)).not.toMatch(/token-1|pass%word/);
  });
});

describe('a signed request', () => {
  it('has the signature of the function’s role over host, time, path and body', async () => {
    const { send, received } = await start('credentials: { sigv4: { service: execute-api } }');
    await send({
      method: 'POST',
      path: '/users/a@b',
      segments: ['users', 'a@b'],
      query: 'q=a+b&c',
      headers: { 'x-amz-security-token': 'forged', 'x-a': 'kept' },
      body: Buffer.from('hello'),
    });
    expect(received[0]).toMatchObject({
      url: '/users/a%40b?q=a%20b&c=',
      body: 'hello',
      headers: {
        'x-a': 'kept',
        'x-amz-security-token': 'session-of-aws',
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/execute-api\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
        ),
      },
    });
  });
});

describe('the caller’s own token', () => {
  const jwtOnly = '[{ tokens: [] }]';
  const alice = { userId: 'alice', roles: [] };

  it('is sent on as it is, each request with its own', async () => {
    const { send, received } = await start('credentials: { forwardToken: true }', {
      security: jwtOnly,
      service: (_, response) => void setTimeout(() => response.end(), 20),
    });
    const authorizations = ['Bearer a.b.c', 'Bearer d.e.f', 'Bearer g.h.i'];
    await Promise.all(
      authorizations.map((authorization) =>
        send({ headers: { authorization } }, { caller: alice }),
      ),
    );
    expect(received.map(({ headers }) => headers.authorization).toSorted()).toEqual(authorizations);
  });

  it('is not sent without the key', async () => {
    const { send, received } = await start('preserveHost: false', { security: jwtOnly });
    await send({ headers: { authorization: 'Bearer a.b.c' } }, { caller: alice });
    expect(received[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each(['[{ session: [] }]', '[{ tokens: [] }, { session: [] }]'])(
    'is a problem where a caller may have none: %s',
    (security) => {
      const { problems } = compile('credentials: { forwardToken: true }', security);
      expect(problems).toEqual([
        expect.stringMatching(
          /^gateway.yaml:5:\d+ .*GET \/users admits callers without an access token/,
        ),
      ]);
    },
  );
});

describe('private TLS', () => {
  const own = selfSignedCertificate();
  const client = selfSignedCertificate();
  const pair = JSON.stringify({ certificate: client.cert, privateKey: client.key });

  it('reaches an upstream of a private authority, and no other way does', async () => {
    const { origin } = await serve(fine, own);
    const { send } = await start("ca: '${ca}'", { origin, texts: { ca: own.cert } });
    expect(await send()).toMatchObject({ statusCode: 200 });
    const other = await start("ca: '${ca}'", { origin, texts: { ca: client.cert } });
    expect(await other.send()).toMatchObject({ code: 'UPSTREAM_UNREACHABLE' });
    const plain = await start('preserveHost: true', { origin });
    expect(await plain.send()).toMatchObject({ code: 'UPSTREAM_UNREACHABLE' });
  });

  it('proves the gateway by its certificate, and uses a new one without a deploy', async () => {
    const next = selfSignedCertificate();
    const { origin, certificates } = await serve(fine, {
      ...own,
      requestCert: true,
      rejectUnauthorized: false,
    });
    const texts: Record<string, string> = { ca: own.cert, pair };
    const { send, pass } = await start("ca: '${ca}', credentials: { mutualTls: '${pair}' }", {
      origin,
      texts,
    });
    expect(await send()).toMatchObject({ statusCode: 200 });
    texts['pair'] = JSON.stringify({ certificate: next.cert, privateKey: next.key });
    pass(5 * 60_000);
    expect(await send()).toMatchObject({ statusCode: 200 });
    expect(certificates).toEqual(
      [client, next].map(({ cert }) => new X509Certificate(cert).fingerprint256),
    );
  });

  it.each([
    ['ca', 'hello', 'The secret must be one or more certificates in PEM'],
    ['pair', 'hello', 'The secret must be {"certificate": …, "privateKey": …}, both in PEM'],
    [
      'pair',
      JSON.stringify({ certificate: own.cert, privateKey: client.key }),
      'The privateKey of the secret is not that of its certificate',
    ],
  ])(
    'with a secret for %s that is not what it should be is a 503: %s',
    async (name, text, reason) => {
      const { send, lines } = await start("ca: '${ca}', credentials: { mutualTls: '${pair}' }", {
        origin: 'https://localhost:1',
        texts: { ca: own.cert, pair, [name]: text },
      });
      expect(await send()).toMatchObject({ status: 503, code: 'UPSTREAM_CREDENTIALS_UNAVAILABLE' });
      expect(lines[0]).toMatchObject({ value: name, reason });
      expect(JSON.stringify(lines)).not.toContain('BEGIN');
    },
  );
});

describe('preserveHost', () => {
  it('sends the host name that the client used', async () => {
    const { send, received } = await start('preserveHost: true');
    await send();
    await send({ host: '' });
    expect(received.map(({ headers }) => headers.host)).toEqual([
      'api.example.com',
      expect.stringMatching(/^127/),
    ]);
  });
});

describe('the credentials of an upstream in the contract', () => {
  const ofLimits = { store: 'rate-limits' };

  it('need the values with the ARNs of their secrets, and permission to read exactly these', () => {
    const { summary } = compile(`${oauth2()}, ca: '\${ca}'`);
    expect(summary).toMatchObject({
      values: ['ca', 'client', 'issuer'],
      function_values: ['ca', 'client', 'issuer'],
      permissions: [
        ofLimits,
        { value: 'ca', actions: ['secretsmanager:GetSecretValue'] },
        { value: 'client', actions: ['secretsmanager:GetSecretValue'] },
      ],
    });
  });

  it('can permit the signed requests', () => {
    const { summary } = compile(
      "credentials: { sigv4: { service: execute-api, resource: '${api}', actions: [execute-api:Invoke] } }",
    );
    expect(summary).toMatchObject({
      values: ['api'],
      permissions: [ofLimits, { value: 'api', actions: ['execute-api:Invoke'] }],
    });
    expect(summary).not.toHaveProperty('function_values');
  });

  it('add their error to the published document of their routes alone', () => {
    const compilation = compileFiles({ 'gateway.yaml': contractOf(keyed) });
    const { paths } = (compilation.ok ? compilation.openapi : {}) as {
      paths: Record<string, { get: { responses: object } }>;
    };
    expect(Object.keys(paths['/users']?.get.responses ?? {})).toContain('503');
  });

  it('add no code to a contract without them', () => {
    const { code } = compile('timeout: 5s');
    expect(code).not.toMatch(/credentials|extended/);
    const header = compile(keyed).code;
    expect(header).not.toMatch(/oauth2|sigv4|private-tls|forward-token/);
  });

  it.each([
    ['credentials: {}', 'does not name its kind'],
    ['credentials: { forwardToken: true, sigv4: { service: s3 } }', 'names several kinds'],
    ['credentials: { header: X-Key }', '"secret" is missing'],
    ['credentials: { header: X-Key, secret: abc }', '"secret" must be a reference'],
    ["credentials: { header: X-User-Id, secret: '${a}' }", 'the gateway itself decides about'],
    ["credentials: { header: Transfer-Encoding, secret: '${a}' }", 'the gateway itself decides'],
    ["credentials: { forwardToken: true, secret: '${a}' }", '"secret" goes with "header"'],
    ['credentials: { oauth2: { tokenUrl: https://a.example } }', '"clientId" is missing'],
    [
      "credentials: { oauth2: { tokenUrl: 'http://a.example', clientId: a, secret: '${a}' } }",
      '"tokenUrl" must be an https URL',
    ],
    ['credentials: { sigv4: {} }', '"service" is missing — add "service: execute-api"'],
    ['credentials: { sigv4: { service: s3, region: here } }', '"region" must be a region'],
    ["credentials: { sigv4: { service: s3, resource: '${a}' } }", 'actions'],
    ["ca: 'abc'", '"ca" must be a reference'],
    ['preserveHost: yes please', '"preserveHost" must be a boolean'],
    ["credentials: { heder: X-Key, secret: '${a}' }", 'did you mean "header"?'],
  ])('have a problem with its line: %s', (upstream, message) => {
    const { problems } = compile(upstream);
    expect(problems.join('\n')).toContain(message);
    expect(problems[0]).toMatch(/^gateway.yaml:5:\d+ /);
  });
});
