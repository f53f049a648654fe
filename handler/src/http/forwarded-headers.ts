import { validateHeaderValue } from 'node:http';
import { GatewayError } from './gateway-error.ts';
import { endsHere } from './hop-by-hop.ts';
import type { GatewayRequest } from './request.ts';

/** Who is calling, as the session says. */
interface Caller {
  readonly userId: string;
  readonly roles: readonly string[];
}

/**
 * What a client may say, but the gateway says itself. Servers that read headers as CGI variables cannot tell
 * `x_user_id` from `x-user-id`, so that either spelling is the gateway's.
 */
const gatewaysOwn: ReadonlySet<string> = new Set([
  'content-length',
  'forwarded',
  'host',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-request-id',
  'x-user-id',
  'x-user-roles',
]);

/**
 * The headers for the upstream: the client's without those that end here or are the gateway's own, then the gateway's.
 * On a route that needs a session, the token was meant for the gateway and goes no further.
 */
export const forwardedHeaders = (
  request: GatewayRequest,
  caller: Caller | undefined,
  upstreamHost: string,
): Record<string, string> => {
  const ends = endsHere(request.headers['connection']);
  const headers = Object.create(null) as Record<string, string>;
  for (const name in request.headers) {
    const value = request.headers[name];
    if (value === undefined || ends(name) || gatewaysOwn.has(name.replaceAll('_', '-'))) continue;
    if (caller !== undefined && name === 'authorization' && /^bearer /i.test(value)) continue;
    headers[name] = checked(name, value);
  }
  const cookies = caller === undefined ? request.cookies : request.cookies.filter(isNoToken);
  if (cookies.length > 0) headers['cookie'] = checked('cookie', cookies.join('; '));
  addOwn(headers, request, upstreamHost);
  if (caller !== undefined) {
    headers['x-user-id'] = visible(caller.userId);
    headers['x-user-roles'] = caller.roles.map(visible).join(',');
  }
  return headers;
};

const addOwn = (
  headers: Record<string, string>,
  { id, host, clientIp, headers: given, body, method }: GatewayRequest,
  upstreamHost: string,
): void => {
  headers['host'] = upstreamHost;
  headers['via'] =
    given['via'] === undefined ? '1.1 postern' : `${checked('via', given['via'])}, 1.1 postern`;
  headers['x-forwarded-for'] = clientIp; // A client's own is its word alone, and is not kept.
  headers['x-forwarded-host'] = host;
  headers['x-forwarded-proto'] = 'https';
  headers['x-request-id'] = id;
  // RFC 9110 §8.6: a method that takes content says so even where there is none.
  if (body !== undefined || method === 'POST' || method === 'PUT' || method === 'PATCH') {
    headers['content-length'] = String(body?.length ?? 0);
  }
};

const isNoToken = (cookie: string): boolean => !cookie.startsWith('session_token=');

const checked = (name: string, value: string): string => {
  try {
    validateHeaderValue(name, value);
    return value;
  } catch {
    throw new GatewayError('BAD_REQUEST', {
      detail: 'Send header values without control characters and characters beyond Latin-1.',
    });
  }
};

/** A user's id may be any text; a header's value may not (RFC 9110 §5.5). A role's comma must not make two of it. */
const visible = (text: string): string =>
  text.toWellFormed().replace(/[^\u0021-\u007e]+|[,%]/g, encodeURIComponent);
