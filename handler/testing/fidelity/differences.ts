import { createHash } from 'node:crypto';
import { parseWireRequest } from '../hostile/wire-request.ts';
import { type UpstreamResponse, type FidelityCase, plainResponse } from './fidelity-case.ts';

/** The response to the client. */
export interface Returned {
  readonly status: number;
  /** Names in lower case; without `set-cookie`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/** The place where a case runs, and its own data. */
export interface Place {
  readonly serviceHost: string;
  readonly clientIp: string;
  readonly userId: string;
  /** The prefix of public paths: `{base}` in a response header. */
  readonly basePath: string;
  /** Headers that the platform in front of the function adds to a response. */
  readonly added: ReadonlySet<string>;
}

interface Seen {
  readonly received: readonly string[];
  readonly returned: Returned;
}

/** All undeclared differences; must be empty. */
export const differencesOf = (row: FidelityCase, seen: Seen, place: Place): readonly string[] => [
  ...differencesOfReceived(row, seen.received, place),
  ...differencesOfReturned(row, seen.returned, place),
];

const differencesOfReceived = (
  { sent, received: expected }: FidelityCase,
  received: readonly string[],
  place: Place,
): string[] => {
  if (expected === 'nothing') return received.map((bytes) => `the service got ${bytes}`);
  if (received.length !== 1) return [`the service got ${received.length} requests`];
  const wire = parseWireRequest(received[0] ?? '');
  if (wire === undefined) return [`the service got no sound HTTP: ${received[0]}`];
  const { method = 'GET', body } = sent;
  return [
    ...differing('method', wire.method, method),
    ...differing('target', wire.target, expected?.target ?? sent.target),
    ...differing('body', short(Buffer.from(wire.body, 'latin1')), short(body ?? empty)),
    ...differencesOfHeaders(wire.headers, { ...arriving(sent), ...expected?.headers }, place, {
      length:
        ['POST', 'PUT', 'PATCH'].includes(method) || body?.length ? (body?.length ?? 0) : undefined,
      isSignedIn: sent.isSignedIn === true,
    }),
  ];
};

const empty = Buffer.alloc(0);

/** The headers by meaning: each name once, with its values joined. */
const arriving = ({ headers = [] }: FidelityCase['sent']): Record<string, string> => {
  const joined: Record<string, string> = {};
  for (const [given, value] of headers) {
    const name = given.toLowerCase();
    joined[name] = name in joined ? `${joined[name]},${value}` : value;
  }
  return joined;
};

interface OwnHeaders {
  readonly length: number | undefined;
  readonly isSignedIn: boolean;
}

const differencesOfHeaders = (
  headers: ReadonlyArray<readonly [string, string]>,
  wanted: Readonly<Record<string, string | undefined>>,
  { serviceHost, clientIp, userId, basePath }: Place,
  { length, isSignedIn }: OwnHeaders,
): string[] => {
  const own: Readonly<Record<string, string | RegExp | undefined>> = {
    // With a port only on the emulator.
    'x-forwarded-host': /^[\w.-]+(:\d+)?$/,
    'x-request-id': /^[\w=-]+$/,
    'x-forwarded-prefix': basePath,
    traceparent: /^00-[\da-f]{32}-[\da-f]{16}-0[01]$/,
    'x-amzn-trace-id': /^Root=1-/,
    via: '1.1 postern',
    ...defined(wanted),
    host: serviceHost,
    'x-forwarded-for': clientIp,
    'x-forwarded-proto': 'https',
    ...(length !== undefined && { 'content-length': String(length) }),
    ...(isSignedIn && { 'x-user-id': userId, 'x-user-roles': 'user' }),
  };
  const names = headers.map(([name]) => name);
  const values = Object.fromEntries(headers);
  // A deployed gateway has its own name.
  values['via'] = values['via']?.replace(/postern-[\da-f]{8}$/, 'postern') ?? '';
  return [
    ...differing('names of headers', names.toSorted().join(), Object.keys(own).toSorted().join()),
    ...Object.entries(own).flatMap(([name, value]) => {
      const given = values[name] ?? '';
      const fits = value instanceof RegExp ? value.test(given) : given === value;
      return fits ? [] : [`${name} arrived as ${given.slice(0, 200)}, not ${String(value)}`];
    }),
  ];
};

const defined = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

/** Headers that the gateway adds to every response without them. */
const security = [
  'strict-transport-security',
  'content-security-policy',
  'x-frame-options',
  'x-content-type-options',
  'referrer-policy',
  'x-request-id',
  'ratelimit',
  'ratelimit-policy',
];

const differencesOfReturned = (row: FidelityCase, seen: Returned, place: Place): string[] => {
  const { returned = {}, response = plainResponse } = row;
  const upstreamResponse: UpstreamResponse = 'writes' in response ? { status: '200' } : response;
  const status = returned.status ?? Number((upstreamResponse.status ?? '200').slice(0, 3));
  const found = differing('status', String(seen.status), String(status));
  if (returned.code !== undefined) {
    const { code } = JSON.parse(seen.body.toString() || '{}') as { readonly code?: string };
    return [...found, ...differing('code', String(code), returned.code)];
  }
  const headers = upstreamResponse.headers ?? [];
  const cookies =
    returned.cookies ??
    headers.filter(([name]) => name.toLowerCase() === 'set-cookie').map(([, value]) => value);
  const wantedCookies = cookies.join('\n').replaceAll('{base}', place.basePath);
  const wanted: Record<string, string | undefined> = Object.fromEntries(
    headers.filter(([name]) => name.toLowerCase() !== 'set-cookie'),
  );
  if (row.sent.isSignedIn) wanted['cache-control'] ??= 'private, no-store';
  return [
    ...found,
    ...differencesOfResponseHeaders(seen.headers, { ...wanted, ...returned.headers }, place),
    ...differing('cookies', seen.cookies.join('\n'), wantedCookies),
    ...differing(
      'response',
      short(seen.body),
      short(returned.body ?? upstreamResponse.body ?? empty),
    ),
  ];
};

const differencesOfResponseHeaders = (
  seen: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string | undefined>>,
  { added, basePath }: Place,
): string[] => {
  const known = new Set([...Object.keys(wanted), ...security, ...added]);
  return [
    ...security.flatMap((name) => (name in seen ? [] : [`the response lacks ${name}`])),
    ...Object.keys(seen).flatMap((name) =>
      known.has(name) ? [] : [`the response has ${name}: ${seen[name]}`],
    ),
    ...Object.entries(wanted).flatMap(([name, value]) =>
      differing(
        `${name} of the response`,
        utf8(seen[name] ?? 'nothing'),
        value?.replace('{base}', basePath) ?? 'nothing',
      ),
    ),
  ];
};

/** Strings in the table are bytes. */
const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const differing = (what: string, seen: string, wanted: string): string[] =>
  seen === wanted ? [] : [`${what}: ${seen.slice(0, 300)}, not ${wanted.slice(0, 300)}`];

/** A short form of bytes; different for different bytes. */
const short = (bytes: Buffer): string =>
  bytes.length <= 64 ? bytes.toString('latin1') : `${bytes.length} bytes, ${digest(bytes)}`;

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
