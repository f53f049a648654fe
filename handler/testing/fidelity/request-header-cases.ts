import type { Exception } from './exceptions.ts';
import type { FidelityCase } from './fidelity-case.ts';

const target = '/public/x';
const post = { method: 'POST', target, body: Buffer.from('text') };

type Header = readonly [name: string, value: string];

const arrives = (header: Header, what = header[0]): FidelityCase => ({
  name: `the header ${what} arrives unchanged`,
  sent: { target, headers: [header] },
});

const removed =
  (exception: Exception) =>
  ([name, value]: Header, what = name): FidelityCase => ({
    name: `the header ${what} is removed`,
    sent: { target, headers: [[name, value]] },
    exception,
    received: { headers: { [name.toLowerCase()]: undefined } },
  });

const claim = (name: string): Header => [name, 'mallory'];

const kept: readonly Header[] = [
  ['x-custom', 'a value, with "quotes"; and=more'],
  ['x-empty', ''],
  ['x-long', 'x'.repeat(4_000)],
  ['x-a_b.c~d', 'strange names'],
  ["!#$%&'*+^`|", 'stranger ones'],
  ['accept-encoding', 'gzip, br, zstd'],
  ['authorization', 'Basic eDp5'],
  ['date', 'Sat, 21 Nov 2026 12:00:00 GMT'],
  ['if-none-match', '*'],
  ['idempotency-key', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
  ['origin', 'https://app.example'],
  ['range', 'bytes=0-99,200-'],
  ['user-agent', 'curl/8.5.0 (x; y) z/1'],
];

const hopByHop: readonly Header[] = [
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
  'as usual': `Bearer ${ownToken}`,
  'with its scheme in capitals and two spaces': `BEARER  ${ownToken}`,
  'of another scheme': `Token token="${ownToken}"`,
  'without a scheme': ownToken,
  'behind Basic': `Basic eDp5, Bearer ${ownToken}`,
};

const othersTokens: Readonly<Record<string, string>> = {
  'that is opaque': 'Bearer of-the-service',
  'of an issuer that signs with RS256': `Bearer ${jwt({ alg: 'RS256', kid: 'k1' }, { sid: 'A'.repeat(43) })}`,
  'of an issuer without sessions': `Bearer ${jwt({ alg: 'HS256', kid: 'k1' }, { sub: 'alice' })}`,
};

const headers: readonly FidelityCase[] = [
  ...kept.map((header) => arrives(header)),
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
    ...removed('hopByHop')(header),
    ...(header[0] in notSent && { notOnStack: notSent[header[0]] }),
  })),
  {
    name: 'a header that Connection names is removed',
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
  ...['x_http_method_override', 'x-original-url', 'x-rewrite-url', 'proxy', 'x-real-ip', 'x-host']
    .map(claim)
    .map((header) => removed('believed')(header)),
  ...['x-user-id', 'X_User_Id', 'x-user-roles', 'Remote-User', 'X_WEBAUTH_USER']
    .map(claim)
    .map((header) => removed('identity')(header)),
  ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-request-id']
    .map(claim)
    .map((header) => removed('own')(header, `${header[0]} of a client`)),
  ...['forwarded', 'x-forwarded-prefix', 'x_forwarded_for']
    .map(claim)
    .map((header) => removed('own')(header)),
  ...['x-api-key', 'x-auth-token', 'x-user-email']
    .map(claim)
    .map((header) => arrives(header, `${header[0]}, a credential for the service,`)),
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
  removed('trace')(['traceparent', 'none'], 'traceparent with an invalid value'),
  {
    name: 'a caller is named by the session alone',
    sent: { target: '/signed/x', isSignedIn: true, headers: [claim('x-user-id')] },
    exception: 'identity',
    received: { headers: { 'x-user-id': undefined, authorization: undefined } },
  },
  {
    name: 'a bearer token is not forwarded by a route that requires a session',
    sent: { target: '/signed/x', isSignedIn: true },
    exception: 'session',
    received: { headers: { authorization: undefined } },
  },
  ...Object.entries(ownCredentials).map(([how, value]) =>
    removed('session')(['authorization', value], `authorization with a session token ${how}`),
  ),
  ...Object.entries(othersTokens).map(([which, value]) =>
    arrives(['authorization', value], `authorization with a bearer token ${which}`),
  ),
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
  ...['a=1; b=2', 'a="x y"; b=', 'a=1; a=2', 'a', '__Host-id=x'].map((value) =>
    arrives(['cookie', value], `cookie with ${value}`),
  ),
  ...['xsession_token=t', 'session_token_hint=t', 'a=session_token'].map((value) =>
    arrives(['cookie', value], `cookie with ${value}, which is not the session’s,`),
  ),
  ...[
    'session_token=t',
    '__Host-session_token=t',
    'session_token="t"',
    '"session_token"=t',
    'x=1,session_token=t',
    'x=1 __Host-session_token=t',
  ].map((cookie) => ({
    name: `the session’s cookie is removed, written ${cookie}`,
    sent: { target, headers: [['cookie', `a=1; ${cookie}; b=2`] as const] },
    exception: 'session' as const,
    received: { headers: { cookie: 'a=1; b=2' } },
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

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const bytes = 'application/octet-stream';

const types: ReadonlyArray<readonly [what: string, type: string, body: Buffer]> = [
  ['UTF-8', 'text/plain; charset=utf-8', Buffer.from('Zürich 🌍 \u0000\u001f\r\n')],
  ['JSON', 'application/json', Buffer.from('{"a": 1.0, "b":\n["ü"] }')],
  ['a JSON text that is invalid', 'application/json', Buffer.from('{')],
  ['a form', 'application/x-www-form-urlencoded', Buffer.from('a=1&b=%20+')],
  ['every byte', bytes, everyByte],
  ['bytes that are no UTF-8', bytes, Buffer.from([0xc3, 0x28, 0xff])],
  ['line ends', 'message/http', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
  ['1 byte', bytes, Buffer.from([0])],
  ['64 KB', bytes, Buffer.alloc(65_536, everyByte)],
  ['4.5 MB, the most that Lambda takes as base64', 'image/png', Buffer.alloc(4_500_000, everyByte)],
];

const judgedJson = { method: 'POST', target: '/json', body: Buffer.from('{"count":1}') };

const judgedForm = (field: string, file: Buffer): FidelityCase['sent'] => ({
  ...{ method: 'POST', target: '/json' },
  headers: [['content-type', 'multipart/form-data; boundary="a b"']],
  body: Buffer.concat([
    Buffer.from(
      `--a b\r\ncontent-disposition: form-data; name="${field}"\r\n\r\nuser\r\n--a b\r\n`,
    ),
    Buffer.from('Content-Disposition: form-data; name="file"; filename="ü.bin"\r\n\r\n'),
    ...[file, Buffer.from('\r\n--a b--\r\n')],
  ]),
});

const bodies: readonly FidelityCase[] = [
  ...types.map(([what, type, body]) => ({
    name: `a body of ${what} arrives byte for byte`,
    sent: { ...post, headers: [['content-type', type] as const], body },
  })),
  { name: 'a body of 0 bytes arrives', sent: { ...post, body: Buffer.alloc(0) } },
  { name: 'a body without a type arrives', sent: post },
  {
    name: 'a body in gzip is left as it is',
    sent: {
      ...post,
      headers: [
        ['content-type', bytes],
        ['content-encoding', 'gzip'],
      ],
      body: Buffer.from([0x1f, 0x8b, 0xff, 0, 1]),
    },
  },
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
    ...(method === 'OPTIONS' && { notOnStack: 'the emulator responds to OPTIONS itself' }),
  })),
  {
    name: 'a body of POST arrives if the contract declares none',
    sent: { method: 'POST', target: '/signed/x', isSignedIn: true, body: Buffer.from('text') },
    exception: 'session',
    received: { headers: { authorization: undefined } },
  },
  {
    name: 'a body with a charset that is UTF-8 arrives, judged by its schema',
    sent: {
      ...judgedJson,
      headers: [['content-type', 'Application/JSON; charset="us-ascii"; x=1']],
    },
  },
  ...[
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
    name: 'a form arrives byte for byte, judged by its schema',
    sent: judgedForm('role', everyByte),
  },
  ...['Role', 'role[]', '_method'].map((name) => ({
    name: `a form with the field ${name} is refused where a schema judges it`,
    sent: judgedForm(name, everyByte),
    exception: 'form' as const,
    received: 'nothing' as const,
    returned: { status: 400, code: 'VALIDATION_FAILED' as const },
  })),
  {
    name: 'a body over maxBodySize is refused',
    sent: { ...post, headers: [['content-type', bytes]], body: Buffer.alloc(6_291_457) },
    exception: 'large',
    received: 'nothing',
    returned: { status: 413, code: 'BODY_TOO_LARGE' },
  },
];

export const requestHeaderCases: readonly FidelityCase[] = [...headers, ...cookies, ...bodies];
