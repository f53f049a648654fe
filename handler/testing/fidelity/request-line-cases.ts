import type { FidelityCase } from './fidelity-case.ts';

const methods: readonly FidelityCase[] = [
  ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => ({
    name: `${method} stays ${method}`,
    sent: { method, target: '/public/x' },
    ...(method === 'OPTIONS' && { notOnStack: 'the emulator responds to OPTIONS itself' }),
  })),
  {
    name: 'HEAD stays HEAD, with the length of the resource',
    sent: { method: 'HEAD', target: '/public/x' },
    response: {
      writes: ['HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n'],
    },
    returned: { headers: { 'content-type': 'text/plain', 'content-length': '5' } },
  },
];

/** RFC 3986 §3.3: what a segment may hold as it is. */
const asTheyAre = [..."abcXYZ019-._~!$&'()*+,=:@"];

/** Characters that arrive in one spelling, independent of the client's. */
const encodedAnew: ReadonlyArray<readonly [sent: string, received: string]> = [
  ['%41', 'A'],
  ['%7e', '~'],
  ['%2b', '+'],
  [';', '%3B'],
  ['%3b', '%3B'],
  ['%2f', '/'],
  ['%e4%bd%a0', '%E4%BD%A0'],
  ['"', '%22'],
  ['<', '%3C'],
  ['^', '%5E'],
  ['|', '%7C'],
];

const sameAnew = ['%20', '%22', '%23', '%25', '%3F', '%C3%BC', '%EF%BB%BF'];

const paths: readonly FidelityCase[] = [
  ...asTheyAre.map((character) => ({
    name: `the path keeps ${character}`,
    sent: { target: `/public/a${character}b` },
  })),
  ...sameAnew.map((escape) => ({
    name: `the path keeps ${escape}`,
    sent: { target: `/public/a${escape}b` },
  })),
  ...encodedAnew.map(([sent, received]) => ({
    name: `the path spells ${sent} as ${received}`,
    sent: { target: `/public/a${sent}b` },
    exception: 'path' as const,
    received: { target: `/public/a${received}b` },
  })),
  {
    name: 'the path keeps %2525 if API Gateway does not decode %25',
    sent: { target: '/public/a%2525b' },
  },
  { name: 'the path keeps %252e%252e', sent: { target: '/public/%252e%252e/x' } },
  { name: 'the path keeps a slash at its end', sent: { target: '/public/x/' } },
  { name: 'the path keeps a long segment', sent: { target: `/public/${'a'.repeat(4_000)}` } },
  { name: 'the path keeps many segments', sent: { target: `/public${'/a'.repeat(1_000)}` } },
  {
    name: 'the path holds raw UTF-8 encoded',
    sent: { target: '/public/\u00c3\u00bc' },
    exception: 'path',
    received: { target: '/public/%C3%BC' },
    notOnStack: 'the emulator refuses a request line that is not ASCII',
  },
  {
    name: 'the path has invalid UTF-8 replaced',
    sent: { target: '/public/%ff' },
    exception: 'path',
    received: { target: '/public/%EF%BF%BD' },
  },
  ...['..', '%2e%2e', '..;x=1', '..%20', ';x=1/a', 'a//b', '%5c', '%00', '%0d%0a'].map((path) => ({
    name: `the path ${path} is refused`,
    sent: { target: `/public/${path}` },
    exception: 'refusedPath' as const,
    received: 'nothing' as const,
    returned: { status: 400, code: 'BAD_PATH' as const },
  })),
];

/** Beside the literal `/wide/narrow`, under `/wide/{rest+}`. */
const foldedPaths: readonly FidelityCase[] = [
  ...[
    'Narrow',
    'narrow;x=1',
    'narrow.',
    'narrow%20',
    '%EF%BD%8Earrow',
    'narrow%253Bx',
    'deep/Narrow',
  ].map((path) => ({
    name: `the path /wide/${path} is not found beside the narrower route it may be read as`,
    sent: { target: `/wide/${path}` },
    exception: 'foldedPath' as const,
    received: 'nothing' as const,
    returned: { status: 404, code: 'ROUTE_NOT_FOUND' as const },
  })),
  ...['narrows', 'other/narrow', 'deep/Other', 'x/A.B'].map((path) => ({
    name: `the path /wide/${path} arrives beside a narrower route it cannot be read as`,
    sent: { target: `/wide/${path}` },
  })),
  {
    name: 'the path /folded/Narrow arrives if foldedPath allows it',
    sent: { target: '/folded/Narrow' },
  },
];

const judged = {
  method: 'POST',
  headers: [['content-type', 'application/json']],
  body: Buffer.from('{}'),
} as const;

const queries: readonly FidelityCase[] = [
  ...[
    'a=1&b=2',
    'b=2&a=1&b=1',
    'a=',
    '&&a=1&&',
    '=',
    'a+b=c+d',
    'a%20b=%2B',
    'a=%2f%2F%3d',
    'a=%zz&b=%',
    'a=%ff',
    'a[]=1&a[b]=2',
    "!$'()*,:@/?-._~",
    '"<>^`{|}\\',
    'a=%00%0d%0a',
    `a=${'x'.repeat(4_000)}`,
    'a=1&'.repeat(500),
  ].map((query) => ({
    name: `the query keeps ${query.slice(0, 40)}`,
    sent: { target: `/public/x?${query}` },
  })),
  ...['Page=1', 'page[]=1', '%2550age=1', 'x=1;page=1', 'page=1&WORD=x', '_method=DELETE'].map(
    (query) => ({
      name: `the query ${query} is refused beside a declared page and word`,
      sent: { ...judged, target: `/json?${query}` },
      exception: 'misspeltQuery' as const,
      received: 'nothing' as const,
      returned: { status: 400, code: 'VALIDATION_FAILED' as const },
    }),
  ),
  ...['p%61ge=1&word=x&pages=2&other[]=3', 'a=1;b=2', 'method=DELETE'].map((query) => ({
    name: `the query ${query} arrives beside a declared page and word`,
    sent: { ...judged, target: `/json?${query}` },
  })),
  {
    name: 'the query _method=DELETE is refused without declared parameters',
    sent: { method: 'POST', target: '/public/x?_method=DELETE' },
    exception: 'misspeltQuery',
    received: 'nothing',
    returned: { status: 400, code: 'VALIDATION_FAILED' },
  },
  {
    name: 'the query percent-encodes raw UTF-8',
    sent: { target: '/public/x?a=\u00c3\u00bc' },
    exception: 'query',
    received: { target: '/public/x?a=%C3%BC' },
    notOnStack: 'the emulator refuses a request line that is not ASCII',
  },
  {
    name: 'the query percent-encodes #',
    sent: { target: '/public/x?a=#b' },
    exception: 'query',
    received: { target: '/public/x?a=%23b' },
  },
];

export const requestLineCases: readonly FidelityCase[] = [
  ...methods,
  ...paths,
  ...foldedPaths,
  ...queries,
];
