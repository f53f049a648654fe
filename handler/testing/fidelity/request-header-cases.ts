import type { FidelityCase } from './fidelity-case.ts';

const target = '/public/x';
const post = { method: 'POST', target, body: Buffer.from('text') };

const kept: ReadonlyArray<readonly [name: string, value: string]> = [
  ['x-custom', 'a value, with "quotes"; and=more'],
  ['x-empty', ''],
  ['x-long', 'x'.repeat(4_000)],
  ['x-a_b.c~d', 'strange names'],
  ["!#$%&'*+^`|", 'stranger ones'],
  ['accept', 'text/html;q=0.9, */*;q=0.1'],
  ['accept-encoding', 'gzip, br, zstd'],
  ['accept-language', 'de-CH, en;q=0.5'],
  ['authorization', 'Basic eDp5'],
  ['cache-control', 'no-cache'],
  ['content-language', 'en'],
  ['date', 'Sat, 21 Nov 2026 12:00:00 GMT'],
  ['dnt', '1'],
  ['from', 'a@example.com'],
  ['if-match', '"a", W/"b"'],
  ['if-modified-since', 'Sat, 21 Nov 2026 12:00:00 GMT'],
  ['if-none-match', '*'],
  ['if-range', '"a"'],
  ['if-unmodified-since', 'Sat, 21 Nov 2026 12:00:00 GMT'],
  ['idempotency-key', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
  ['max-forwards', '5'],
  ['origin', 'https://app.example'],
  ['pragma', 'no-cache'],
  ['prefer', 'return=minimal'],
  ['priority', 'u=1, i'],
  ['range', 'bytes=0-99,200-'],
  ['referer', 'https://app.example/a?b#c'],
  ['sec-fetch-mode', 'cors'],
  ['user-agent', 'curl/8.5.0 (x; y) z/1'],
  ['want-content-digest', 'sha-256=1'],
  ['baggage', 'a=1,b=2;c=d'],
];

const hopByHop: ReadonlyArray<readonly [name: string, value: string]> = [
  ['keep-alive', 'timeout=5'],
  ['proxy-connection', 'keep-alive'],
  ['proxy-authorization', 'Basic eDp5'],
  ['te', 'trailers'],
  ['trailer', 'x-checksum'],
  ['upgrade', 'h2c'],
  ['http2-settings', 'AAMAAABkAAQCAAAAAAIAAAAA'],
];

const notSent: Readonly<Record<string, string>> = {
  trailer: 'Node’s client does not send it before a body of one piece',
  upgrade: 'the emulator upgrades to HTTP/2 itself',
};

const believed = [
  'x-http-method-override',
  'x_http_method_override',
  'x-original-url',
  'x-rewrite-url',
  'proxy',
  'x-real-ip',
  'true-client-ip',
  'x-host',
];

const identifying = [
  'Remote-User',
  'X-Auth-Request-Email',
  'X_WEBAUTH_USER',
  'X-Consumer-Username',
];
const credentials = ['x-api-key', 'x-auth-token', 'x-access-token', 'x-user-email'];

const jwt = (...parts: readonly object[]): string =>
  [...parts.map((part) => JSON.stringify(part)), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

/** Has the shape of a session token. It is not signed, which shows that the shape is enough. */
const ownToken = jwt(
  { alg: 'HS256', typ: 'JWT', kid: 'k1' },
  { sid: 'A'.repeat(43), sub: 'alice', exp: 2_000_000_000 },
);

const ownCredentials: Readonly<Record<string, string>> = {
  'as one writes it': `Bearer ${ownToken}`,
  'with its scheme in lower case': `bearer ${ownToken}`,
  'with its scheme in capitals and two spaces': `BEARER  ${ownToken}`,
  'behind a tab': `Bearer\t${ownToken}`,
  'of another scheme': `Token token="${ownToken}"`,
  'without a scheme': ownToken,
  'behind Basic': `Basic eDp5, Bearer ${ownToken}`,
  'before Basic': `Bearer ${ownToken},Basic eDp5`,
};

const othersTokens: Readonly<Record<string, string>> = {
  'that is opaque': 'Bearer of-the-service',
  'of an issuer that signs with RS256': `Bearer ${jwt({ alg: 'RS256', kid: 'k1' }, { sid: 'A'.repeat(43) })}`,
  'of an issuer without sessions': `Bearer ${jwt({ alg: 'HS256', kid: 'k1' }, { sub: 'alice' })}`,
  'of an issuer whose sessions have UUIDs': `Bearer ${jwt({ alg: 'HS256', kid: 'k1' }, { sid: '0b6f4a40-1f6e-4ff0-a9d0-5e9d3ea0c0a1' })}`,
};

const headers: readonly FidelityCase[] = [
  ...kept.map((header) => ({
    name: `the header ${header[0]} arrives as it is`,
    sent: { target, headers: [header] },
  })),
  {
    name: 'a header in capitals arrives in lower case',
    sent: { target, headers: [['X-CUSTOM', 'Value']] },
    exception: 'joined',
  },
  {
    name: 'a repeated header arrives joined',
    sent: {
      target,
      headers: [
        ['x-list', 'a'],
        ['X-List', 'b, c'],
        ['x-list', ''],
      ],
    },
    exception: 'joined',
    received: { headers: { 'x-list': 'a,b, c,' } },
    notOnStack: 'the emulator joins with a comma and a space',
  },
  {
    name: 'a hundred headers arrive',
    sent: {
      target,
      headers: Array.from({ length: 100 }, (_, index) => [`x-${index}`, String(index)] as const),
    },
  },
  {
    name: 'header text in UTF-8 arrives in UTF-8',
    sent: { target, headers: [['x-city', 'Z\u00c3\u00bcrich \u00f0\u009f\u008c\u008d']] },
    exception: 'utf8',
  },
  ...hopByHop.map((header) => ({
    name: `the header ${header[0]} ends at the gateway`,
    sent: { target, headers: [header] },
    exception: 'hopByHop' as const,
    received: { headers: { [header[0]]: undefined } },
    ...(header[0] in notSent && { notOnStack: notSent[header[0]] }),
  })),
  {
    name: 'a header that Connection names ends at the gateway',
    sent: {
      target,
      headers: [
        ['connection', 'close, X-Named'],
        ['x-named', 'a'],
        ['x-other', 'b'],
      ],
    },
    exception: 'hopByHop',
    received: { headers: { connection: undefined, 'x-named': undefined } },
  },
  ...believed.map((name) => ({
    name: `the header ${name} is dropped`,
    sent: { target, headers: [[name, 'evil'] as const] },
    exception: 'believed' as const,
    received: { headers: { [name]: undefined } },
  })),
  ...identifying.map((name) => ({
    name: `the header ${name}, by which proxies name the caller, is dropped`,
    sent: { target, headers: [[name, 'mallory'] as const] },
    exception: 'identity' as const,
    received: { headers: { [name.toLowerCase()]: undefined } },
  })),
  ...credentials.map((name) => ({
    name: `the header ${name}, a credential for the service, arrives`,
    sent: { target, headers: [[name, 'of-the-service'] as const] },
  })),
  ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-request-id'].map((name) => ({
    name: `the header ${name} is the gateway's own`,
    sent: { target, headers: [[name, 'evil'] as const] },
    exception: 'own' as const,
    received: { headers: { [name]: undefined } },
  })),
  ...['forwarded', 'x-forwarded-prefix', 'x_forwarded_for'].map((name) => ({
    name: `the header ${name} is dropped`,
    sent: { target, headers: [[name, 'evil'] as const] },
    exception: 'own' as const,
    received: { headers: { [name]: undefined } },
  })),
  {
    name: 'headers larger than the service accepts are refused',
    sent: { target, headers: [['x-long', 'x'.repeat(8_000)]] },
    exception: 'headerSize',
    received: 'nothing',
    returned: { status: 431, code: 'HEADERS_TOO_LARGE' },
  },
  {
    name: 'Via grows by the gateway',
    sent: { target, headers: [['via', '1.1 cdn']] },
    exception: 'own',
    received: { headers: { via: '1.1 cdn, 1.1 postern' } },
  },
  {
    name: 'traceparent is forwarded',
    sent: {
      target,
      headers: [
        ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
        ['tracestate', 'a=1'],
      ],
    },
    exception: 'trace',
  },
  {
    name: 'an invalid traceparent is not forwarded',
    sent: { target, headers: [['traceparent', 'none']] },
    exception: 'trace',
    received: { headers: { traceparent: undefined } },
  },
  ...['x-user-id', 'X_User_Id', 'x-user-roles'].map((name) => ({
    name: `a client's ${name} is dropped on a public route`,
    sent: { target, headers: [[name, 'mallory'] as const] },
    exception: 'identity' as const,
    received: { headers: { [name.toLowerCase()]: undefined } },
  })),
  {
    name: 'a caller is named by the session alone',
    sent: {
      target: '/signed/x',
      isSignedIn: true,
      headers: [['x-user-id', 'mallory']],
    },
    exception: 'identity',
    received: { headers: { 'x-user-id': undefined, authorization: undefined } },
  },
  {
    name: 'a bearer token is not forwarded by a route that requires a session',
    sent: { target: '/signed/x', isSignedIn: true },
    exception: 'session',
    received: { headers: { authorization: undefined } },
  },
  ...Object.entries(ownCredentials).map(([how, authorization]) => ({
    name: `a session token ${how} does not reach a public route’s service`,
    sent: { target, headers: [['authorization', authorization] as const] },
    exception: 'session' as const,
    received: { headers: { authorization: undefined } },
  })),
  ...Object.entries(othersTokens).map(([which, authorization]) => ({
    name: `a public route’s service gets a bearer token ${which}`,
    sent: { target, headers: [['authorization', authorization] as const] },
  })),
  {
    name: 'a header value with a control character is refused',
    sent: { target, headers: [['x-control', 'a\u0001b']] },
    exception: 'badHeader',
    received: 'nothing',
    returned: { status: 400, code: 'BAD_REQUEST' },
    notOnStack: 'Node’s client does not send it',
  },
];

const cookies: readonly FidelityCase[] = [
  ...['a=1', 'a=1; b=2', 'a="x y"; b=', 'a=1; a=2', 'a=b=c', 'a', '__Host-id=x'].map((cookie) => ({
    name: `the cookies ${cookie} arrive`,
    sent: { target, headers: [['cookie', cookie] as const] },
  })),
  ...[
    'session_token=t',
    '__Host-session_token=t',
    'session_token="t"',
    'session_token =t',
    '"session_token"=t',
    'x=1,session_token=t',
    'x=1 __Host-session_token=t',
  ].map((cookie) => ({
    name: `the session’s cookie is taken out, written ${cookie}`,
    sent: { target, headers: [['cookie', `a=1; ${cookie}; b=2`] as const] },
    exception: 'session' as const,
    received: { headers: { cookie: 'a=1; b=2' } },
  })),
  ...['xsession_token=t', 'session_token_hint=t', 'a=session_token', 'session=t'].map((cookie) => ({
    name: `the cookie ${cookie}, which is not the session’s, arrives`,
    sent: { target, headers: [['cookie', cookie] as const] },
  })),
  {
    name: 'two Cookie headers are joined',
    sent: {
      target,
      headers: [
        ['cookie', 'a=1'],
        ['cookie', 'b=2'],
      ],
    },
    exception: 'joined',
    received: { headers: { cookie: 'a=1; b=2' } },
  },
];

const repeat = (bytes: readonly number[], length: number): Buffer =>
  Buffer.alloc(length, Buffer.from(bytes));
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const largest = 6_291_456;

const types: ReadonlyArray<readonly [what: string, type: string, body: Buffer]> = [
  ['text', 'text/plain', Buffer.from('text')],
  ['UTF-8', 'text/plain; charset=utf-8', Buffer.from('Zürich 🌍 \u0000\u001f\r\n')],
  ['JSON', 'application/json', Buffer.from('{"a": 1.0, "b":\n["ü"] }')],
  ['a JSON text that is none', 'application/json', Buffer.from('{')],
  ['a form', 'application/x-www-form-urlencoded', Buffer.from('a=1&b=%20+')],
  ['every byte', 'application/octet-stream', everyByte],
  ['gzip', 'application/octet-stream', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0])],
  ['line ends', 'message/http', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
  ['1 byte', 'application/octet-stream', Buffer.from([0])],
  ['64 KB', 'application/octet-stream', repeat([0, 255, 128], 65_536)],
  ['1 MB', 'application/octet-stream', repeat([0, 255, 128], 1_048_576)],
  ['4.5 MB, the most that Lambda takes as base64', 'image/png', repeat([255, 0], 4_500_000)],
];

const judgedJson = { method: 'POST', target: '/json', body: Buffer.from('{"count":1}') };

const bodies: readonly FidelityCase[] = [
  ...types.map(([what, type, body]) => ({
    name: `a body of ${what} arrives byte for byte`,
    sent: { ...post, headers: [['content-type', type] as const], body },
  })),
  { name: 'a body of 0 bytes arrives', sent: { ...post, body: Buffer.alloc(0) } },
  { name: 'a body without a type arrives', sent: post },
  {
    name: 'a body that is not UTF-8 arrives if its type is not a text type',
    sent: {
      ...post,
      headers: [['content-type', 'application/octet-stream']],
      body: Buffer.from([0xc3, 0x28, 0xff]),
    },
  },
  ...['gzip', 'br', 'deflate', 'zstd'].map((encoding) => ({
    name: `a body in ${encoding} is left as it is`,
    sent: {
      ...post,
      headers: [
        ['content-type', 'application/octet-stream'] as const,
        ['content-encoding', encoding] as const,
      ],
      body: Buffer.from([0x1f, 0x8b, 0xff, 0, 1]),
    },
  })),
  {
    name: 'a body of DELETE arrives if undeclaredBody allows it',
    sent: { method: 'DELETE', target, body: Buffer.from('why') },
    exception: 'ownConnection',
    received: { headers: { connection: 'close' } },
  },
  ...['GET', 'DELETE', 'OPTIONS'].map((method) => ({
    name: `a body of ${method} is refused where the contract has none`,
    sent: { method, target: '/signed/x', isSignedIn: true, body: Buffer.from('GET /admin') },
    exception: 'undeclaredBody' as const,
    received: 'nothing' as const,
    returned: { status: 400, code: 'VALIDATION_FAILED' as const },
    ...(method === 'OPTIONS' && { notOnStack: 'the emulator answers OPTIONS itself' }),
  })),
  {
    name: 'a body of POST arrives if the contract declares none',
    sent: { method: 'POST', target: '/signed/x', isSignedIn: true, body: Buffer.from('text') },
    exception: 'session',
    received: { headers: { authorization: undefined } },
  },
  ...['application/json;charset=utf-8', 'Application/JSON; charset="us-ascii"; x=1'].map(
    (type) => ({
      name: `a body of ${type} arrives, judged by its schema`,
      sent: { ...judgedJson, headers: [['content-type', type] as const] },
    }),
  ),
  ...[
    'application/json; charset=utf-7',
    'application/json;charset="UTF-16"',
    'application/json;charset=utf-8;charset=utf-7',
    "application/json;charset*=utf-8''utf-7",
    'application/json; charset',
    'application/json, application/json;charset=utf-7',
  ].map((type) => ({
    name: `a body of ${type} is refused where a schema judges it`,
    sent: { ...judgedJson, headers: [['content-type', type] as const] },
    exception: 'charset' as const,
    received: 'nothing' as const,
    returned: { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' as const },
  })),
  {
    name: 'a body over maxBodySize is refused',
    sent: {
      ...post,
      headers: [['content-type', 'application/octet-stream']],
      body: Buffer.alloc(largest + 1),
    },
    exception: 'large',
    received: 'nothing',
    returned: { status: 413, code: 'BODY_TOO_LARGE' },
  },
];

export const requestHeaderCases: readonly FidelityCase[] = [...headers, ...cookies, ...bodies];
