import { isUtf8 } from 'node:buffer';
import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

interface Arrival {
  readonly body: Buffer;
  readonly nowMs: number;
}

/**
 * The event that an HTTP API without a stage prefix makes of a request (payload format 2.0). Undefined for a path that
 * API Gateway refuses with 400: one that is no path, or has an invalid escape.
 */
export const requestToEvent = (
  request: Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders' | 'httpVersion' | 'socket'>,
  { body, nowMs }: Arrival,
): APIGatewayProxyEventV2 | undefined => {
  const { path, query } = splitTarget(request.url ?? '');
  const rawPath = decodePath(path);
  if (rawPath === undefined) return undefined;
  const sourceIp = addressOf(request.socket.remoteAddress);
  const { headers, cookies } = readHeaders(request.rawHeaders);
  const { host = '' } = headers;
  addForwarding(headers, { sourceIp, port: request.socket.localPort, nowMs });
  if (body.length > 0) headers['content-length'] = String(body.length);
  delete headers['transfer-encoding']; // The body is complete.
  const method = request.method ?? 'GET';
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(query !== '' && { queryStringParameters: joinedParameters(query) }),
    requestContext: {
      accountId: 'anonymous',
      apiId: 'server',
      domainName: host,
      domainPrefix: host.split('.', 1)[0] ?? '',
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: logTime(nowMs),
      timeEpoch: nowMs,
    },
    ...encodeBody(headers, body),
  };
};

/** Also of a target in absolute form (RFC 9112 §3.2.2), which every server must accept. */
const splitTarget = (target: string): { path: string; query: string } => {
  const ownForm = target.replace(/^https?:\/\/[^/?]*/i, '');
  const end = ownForm.indexOf('?');
  return end < 0
    ? { path: ownForm, query: '' }
    : { path: ownForm.slice(0, end), query: ownForm.slice(end + 1) };
};

/**
 * API Gateway decodes the path twice, and a `?` that results ends it (published probes: honojs/hono#2156,
 * middleapi/standard-server#93). An escape that is invalid in the client's own spelling is a 400.
 */
const decodePath = (path: string): string | undefined => {
  if (path !== '' && !path.startsWith('/')) return undefined;
  const once = decoded(path);
  if (once === undefined) return undefined;
  const [twice = ''] = (decoded(once) ?? once).split('?', 1);
  return twice === '' ? '/' : twice;
};

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** An IPv4 client of a socket for both versions has an address such as `::ffff:192.0.2.1`. */
const addressOf = (address = ''): string => address.replace(/^::ffff:(?=[\d.]+$)/, '');

/** Names in lower case, values of the same name joined with commas; cookies apart. */
const readHeaders = (rawHeaders: readonly string[]) => {
  // Without a prototype, so that a header named `__proto__` is a header like any other.
  const headers = Object.create(null) as Record<string, string>;
  const cookies: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    // Node reads one character for each byte; API Gateway reads UTF-8.
    const value = Buffer.from(rawHeaders[index + 1] ?? '', 'latin1').toString('utf8');
    if (name === 'cookie') cookies.push(...splitCookies(value));
    else headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return { headers, cookies };
};

const splitCookies = (value: string): string[] =>
  value
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== '');

interface Hop {
  readonly sourceIp: string;
  readonly port: number | undefined;
  readonly nowMs: number;
}

const addForwarding = (headers: Record<string, string>, { sourceIp, port, nowMs }: Hop): void => {
  const before = headers['x-forwarded-for'];
  headers['x-forwarded-for'] = before === undefined ? sourceIp : `${before}, ${sourceIp}`;
  headers['x-forwarded-port'] = String(port ?? '');
  headers['x-forwarded-proto'] = 'http';
  const seconds = Math.floor(nowMs / 1000).toString(16);
  headers['x-amzn-trace-id'] ??= `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
};

/** A parameter that is repeated has its values joined with commas. */
const joinedParameters = (query: string): Record<string, string> => {
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(joined);
};

/** As in an access log: `28/Nov/2026:09:05:00 +0000`. */
const logTime = (nowMs: number): string => {
  const [, day, month, year, time] = new Date(nowMs).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
};

/**
 * API Gateway passes these types as text and all others as base64, forms and absent types among them (verified on AWS in
 * ministackorg/ministack#766). Bytes that are not UTF-8, or compressed, would not survive as text.
 */
const encodeBody = (headers: Readonly<Record<string, string>>, body: Buffer) => {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText =
    textTypes.test(headers['content-type'] ?? '') &&
    headers['content-encoding'] === undefined &&
    isUtf8(body);
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
};

const textTypes = /^\s*(?:text\/[^;]*|application\/(?:json|xml|javascript))\s*(?:;|$)/i;
