import type { FidelityCase, UpstreamResponse } from './fidelity-case.ts';

const sent = { target: '/public/x' };
const length = (body: string): string => `Content-Length: ${body.length}\r\n`;
const typed = 'Content-Type: text/plain\r\n';
const text = { 'content-type': 'text/plain' };
const body = Buffer.from('body');

const plain = (
  ...headers: ReadonlyArray<readonly [name: string, value: string]>
): UpstreamResponse => ({ headers: [['content-type', 'text/plain'], ...headers] });

const statuses: readonly FidelityCase[] = [
  ...[200, 201, 202, 203, 206, 207, 226, 299, 300, 400, 401, 402, 404, 409, 410, 412, 416, 418],
  ...[422, 429, 451, 499, 500, 501, 503, 599],
].map((status) => ({
  name: `the status ${status} is forwarded`,
  sent,
  response: { status: `${status} Reason`, headers: [['content-type', 'text/plain']], body },
}));

const kept: ReadonlyArray<readonly [name: string, value: string]> = [
  ['allow', 'GET, HEAD'],
  ['cache-control', 'private, max-age=0'],
  ['content-range', 'bytes 0-3/10'],
  ['content-security-policy', "default-src 'self'"],
  ['etag', 'W/"a"'],
  ['retry-after', '5'],
  ['vary', 'Accept, Origin'],
  ['www-authenticate', 'Basic realm="x", charset="UTF-8"'],
  ['x-empty', ''],
  ['x-long', 'x'.repeat(4_000)],
];

const headers: readonly FidelityCase[] = [
  ...kept.map((header) => ({
    name: `the response header ${header[0]} is forwarded`,
    sent,
    response: plain(header),
  })),
  {
    name: 'each Set-Cookie stays separate',
    sent,
    response: plain(
      ['set-cookie', 'a=1; Expires=Sat, 21 Nov 2026 12:00:00 GMT; HttpOnly'],
      ['Set-Cookie', 'b=2; Secure'],
      ['set-cookie', 'a=3'],
    ),
  },
  {
    name: 'repeated headers of the upstream response are joined',
    sent,
    response: {
      writes: [`HTTP/1.1 200 OK\r\n${typed}X-List: a\r\nx-list: b, c\r\n${length('x')}\r\nx`],
    },
    exception: 'joined',
    returned: { headers: { ...text, 'x-list': 'a, b, c' }, body: Buffer.from('x') },
  },
  {
    name: 'hop-by-hop headers of the upstream response end at the gateway',
    sent,
    response: {
      writes: [
        `HTTP/1.1 200 OK\r\n${typed}Connection: keep-alive, X-Hop\r\nX-Hop: a\r\nKeep-Alive: timeout=5\r\nUpgrade: h2c\r\nX-Other: b\r\n${length('x')}\r\nx`,
      ],
    },
    exception: 'hopByHop',
    returned: { headers: { ...text, 'x-other': 'b' }, body: Buffer.from('x') },
  },
  {
    name: 'Server and X-Powered-By of the upstream response are dropped',
    sent,
    response: {
      writes: [
        `HTTP/1.1 200 OK\r\n${typed}Server: x/1.2\r\nX-Powered-By: PHP\r\n${length('x')}\r\nx`,
      ],
    },
    exception: 'security',
    returned: { headers: text, body: Buffer.from('x') },
  },
  {
    name: 'a response to a signed-in caller is not cached',
    sent: { target: '/signed/x', isSignedIn: true },
    exception: 'security',
    received: { headers: { authorization: undefined } },
    returned: { headers: { 'cache-control': 'private, no-store' } },
  },
  {
    name: 'a service’s Cache-Control for a signed-in caller is kept',
    sent: { target: '/signed/x', isSignedIn: true },
    response: plain(['cache-control', 'private, max-age=60']),
    exception: 'session',
    received: { headers: { authorization: undefined } },
  },
  ...(
    [
      ['location', '/public/x?a=1#b', '{base}/public/x?a=1#b'],
      ['content-location', '/public/x', '{base}/public/x'],
      ['location', 'http://elsewhere.example/public/x', 'http://elsewhere.example/public/x'],
      ['location', 'x/y?a', 'x/y?a'],
    ] as const
  ).map(([name, value, mapped]) => ({
    name: `the response header ${name} ${value} leads back through the gateway`,
    sent,
    response: plain([name, value]),
    exception: 'urls' as const,
    returned: { headers: { [name]: mapped } },
  })),
  {
    name: 'the path of a cookie is the one that browsers see',
    sent,
    response: plain(
      ['set-cookie', 'a=1; Path=/; HttpOnly'],
      ['set-cookie', 'b=2; Path=/public/x; Secure'],
    ),
    exception: 'urls',
    returned: { cookies: ['a=1; Path={base}; HttpOnly', 'b=2; Path={base}/public/x; Secure'] },
  },
  {
    name: 'a service’s headers for the whole origin are dropped',
    sent,
    response: {
      writes: [
        `HTTP/1.1 200 OK\r\n${typed}Strict-Transport-Security: max-age=0\r\nAlt-Svc: h3=":443"\r\nClear-Site-Data: "*"\r\nSet-Cookie: session_token=x\r\nSet-Cookie: =session_token=x\r\n${length('x')}\r\nx`,
      ],
    },
    exception: 'origin',
    returned: { headers: text, body: Buffer.from('x') },
  },
  {
    name: 'UTF-8 text in headers of the upstream response is forwarded',
    sent,
    response: plain(['x-city', 'Z\u00c3\u00bcrich']),
    exception: 'utf8',
  },
  {
    name: 'a body without a type is one of bytes',
    sent,
    response: { writes: [`HTTP/1.1 200 OK\r\n${length('<b>')}\r\n<b>`] },
    exception: 'contentType',
    returned: {
      headers: { 'content-type': 'application/octet-stream' },
      body: Buffer.from('<b>'),
    },
  },
];

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const large = (bytes: number): Buffer => Buffer.alloc(bytes, 'x');

const bodyTypes: ReadonlyArray<readonly [what: string, type: string, body: Buffer]> = [
  ['text', 'text/html; charset=utf-8', Buffer.from('<p>Zürich 🌍 \u0000\u2028')],
  ['JSON', 'application/json', Buffer.from('{"a": 1.0 }\n')],
  ['a byte order mark', 'text/plain', Buffer.from('\ufeffx')],
  ['text that is no UTF-8', 'text/plain', Buffer.from([0xc3, 0x28, 0xff, 0x61])],
  ['Latin-1', 'text/plain; charset=iso-8859-1', Buffer.from('Zürich', 'latin1')],
  ['every byte', 'image/png', everyByte],
  ['nothing', 'text/plain', Buffer.alloc(0)],
  ['4.5 MB of bytes', 'application/octet-stream', Buffer.alloc(4_500_000, everyByte)],
  ['6 MB of text', 'text/plain', large(6_250_000)],
];

const bodies: readonly FidelityCase[] = [
  ...bodyTypes.map(([what, type, body]) => ({
    name: `a response of ${what} is forwarded byte for byte`,
    sent,
    response: { headers: [['content-type', type] as const], body },
  })),
  {
    name: 'a response in gzip is left as it is',
    sent: { ...sent, headers: [['accept-encoding', 'gzip']] },
    response: {
      headers: [
        ['content-type', 'text/plain'],
        ['content-encoding', 'gzip'],
      ],
      body: Buffer.from([0x1f, 0x8b, 0xff, 0, 1]),
    },
  },
  {
    name: 'an upstream response above Lambda’s limit is a 502',
    sent,
    response: { headers: [['content-type', 'image/png']], body: large(4_700_000) },
    exception: 'large',
    returned: { status: 502, code: 'UPSTREAM_RESPONSE_TOO_LARGE' },
  },
  ...[9_300, 20_000].map((bytes) => ({
    name: `a response with ${bytes} bytes of headers is a 502`,
    sent,
    response: { headers: [['x-long', 'x'.repeat(bytes)] as const] },
    exception: 'large' as const,
    returned: { status: 502, code: 'UPSTREAM_RESPONSE_TOO_LARGE' as const },
  })),
  {
    name: 'an upstream response with 9,000 bytes of headers is forwarded',
    sent,
    response: plain(['x-long', 'x'.repeat(8_900)], ['set-cookie', 'a=1']),
  },
];

const withoutBody: readonly FidelityCase[] = [
  {
    name: 'a 204 has no body',
    sent,
    response: { writes: ['HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n'] },
    returned: { status: 204, headers: { 'x-a': 'b' }, body: Buffer.alloc(0) },
  },
  {
    name: 'a 304 to a conditional request has no body, and its validators',
    sent: { ...sent, headers: [['if-none-match', '"a"']] },
    response: { writes: ['HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'] },
    returned: { status: 304, headers: { etag: '"a"' }, body: Buffer.alloc(0) },
  },
  {
    name: 'a range is forwarded',
    sent: { ...sent, headers: [['range', 'bytes=1-3']] },
    response: {
      status: '206 Partial Content',
      headers: [
        ['content-type', 'text/plain'],
        ['content-range', 'bytes 1-3/9'],
      ],
      body: Buffer.from('bcd'),
    },
  },
  ...['301', '303', '308'].map((status) => ({
    name: `a redirect by ${status} is forwarded, and not followed`,
    sent,
    response: {
      status: `${status} Moved`,
      headers: [
        ['content-type', 'text/plain'] as const,
        ['location', 'http://127.0.0.1:1/elsewhere?a=%20#b'] as const,
      ],
      body: Buffer.from('moved'),
    },
  })),
];

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = 'Transfer-Encoding: chunked\r\n';
const badResponse = { status: 502, code: 'UPSTREAM_BAD_RESPONSE' } as const;

const framings: readonly FidelityCase[] = [
  {
    name: 'a chunked upstream response is forwarded completely',
    sent,
    response: {
      writes: [`${ok}${typed}${chunked}\r\n`, '2\r\nhi\r\n', '3;x=y\r\n yo\r\n', '0\r\n\r\n'],
      pauseMs: 5,
    },
    exception: 'hopByHop',
    returned: { headers: text, body: Buffer.from('hi yo') },
  },
  {
    name: 'trailers are dropped',
    sent,
    response: {
      writes: [`${ok}${typed}${chunked}Trailer: X-Sum\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n`],
    },
    exception: 'dropped',
    returned: { headers: text, body: Buffer.from('hi') },
  },
  ...['100 Continue', '103 Early Hints'].map((status) => ({
    name: `a ${status} before the response is dropped`,
    sent,
    response: {
      writes: [
        `HTTP/1.1 ${status}\r\nLink: </x>\r\n\r\n`,
        `HTTP/1.1 200 OK\r\n${typed}${length('hi')}\r\nhi`,
      ],
    },
    exception: 'dropped' as const,
    returned: { headers: text, body: Buffer.from('hi') },
  })),
  {
    name: 'an upgrade is refused',
    sent,
    response: {
      writes: ['HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n'],
    },
    exception: 'dropped',
    returned: badResponse,
  },
  {
    name: 'an upstream response that ends with its connection is forwarded',
    sent,
    response: { writes: [`HTTP/1.0 200 OK\r\n${typed}\r\nall of it`], ends: true },
    returned: { headers: text, body: Buffer.from('all of it') },
  },
  {
    name: 'a slow drip within the time is forwarded',
    sent,
    response: {
      writes: [...`HTTP/1.1 200 OK\r\n${typed}${length('drip')}\r\ndrip`],
      pauseMs: 2,
    },
    returned: { headers: text, body: Buffer.from('drip') },
  },
  {
    name: 'a drip past the time is a 504',
    sent,
    response: {
      writes: [`HTTP/1.1 200 OK\r\n${typed}Content-Length: 99\r\n\r\n`, ...'x'.repeat(90)],
      pauseMs: 50,
    },
    exception: 'brokenResponse',
    returned: { status: 504, code: 'UPSTREAM_TIMEOUT' },
  },
  ...(
    [
      ['that closes early', ''],
      ['of headers only, that closes', `HTTP/1.1 200 OK\r\n${typed}`],
      ['whose Content-Length is too long', `${ok}Content-Length: 9\r\n\r\nhi`],
      ['whose Content-Length is too short', `${ok}Content-Length: 1\r\n\r\nhi`, false],
      ['with two lengths', `${ok}Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi`],
      ['with an invalid length', `${ok}Content-Length: -1\r\n\r\n`],
      ['framed in two ways', `${ok}Content-Length: 2\r\n${chunked}\r\n0\r\n\r\n`],
      ['whose last chunk is missing', `${ok}${chunked}\r\n2\r\nhi\r\n`],
      ['that is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
      ['with the status 099', 'HTTP/1.1 099 What\r\nContent-Length: 0\r\n\r\n'],
      ['with the status 999', 'HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n'],
      ['with a NUL in a header', `${ok}X: \u0000\r\nContent-Length: 0\r\n\r\n`],
      ['with a folded header', `${ok}X: a\r\n b\r\nContent-Length: 0\r\n\r\n`],
    ] as const
  ).map(([what, bytes, ends = true]) => ({
    name: `a response ${what} is a 502`,
    sent: { method: 'POST', target: '/public/x' },
    response: { writes: [bytes], ends },
    exception: 'brokenResponse' as const,
    returned: badResponse,
  })),
];

export const responseCases: readonly FidelityCase[] = [
  ...statuses,
  ...headers,
  ...bodies,
  ...withoutBody,
  ...framings,
];
