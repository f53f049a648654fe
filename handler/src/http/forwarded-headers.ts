import { GatewayError } from './gateway-error.ts';
import { holdsSessionToken, isSessionCookie } from './own-credentials.ts';
import type { GatewayRequest } from './request.ts';
import { withVia } from './via.ts';
import { isWithheld } from './withheld-headers.ts';

/** The caller, as the sign-in method says. */
export interface Caller {
  readonly userId: string;
  readonly roles: readonly string[];
  /** Further ones that describe the caller. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Of a verified access token, for expressions. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** The sender and the receiver of the headers. */
export interface Hop {
  readonly upstreamHost: string;
  /** The gateway's own name in `Via`. */
  readonly viaName: string;
}

/**
 * The headers for the upstream, as Node's flat list of names and values: the client's headers without the withheld
 * ones, then the gateway's own. No route forwards the credentials of a session. A route that needs a session forwards
 * no bearer token at all, because it is meant for the gateway. 400 for a name or a value that is invalid in HTTP, 508
 * for a loop.
 */
export const forwardedHeaders = (
  request: GatewayRequest,
  caller: Caller | undefined,
  { upstreamHost, viaName }: Hop,
): string[] => {
  const list = ['host', upstreamHost];
  const add = (name: string, value: string): void => {
    list.push(name, wireValue(value));
  };
  for (const name in request.headers) {
    const value = request.headers[name] ?? '';
    if (isWithheld(name)) continue;
    if (name === 'authorization' && isForGateway(value, caller)) continue;
    add(checkedName(name), value);
  }
  const cookies = request.cookies.filter((cookie) => !isSessionCookie(cookie));
  if (cookies.length > 0) add('cookie', cookies.join('; '));
  add('via', withVia(request.headers['via'], viaName));
  addOwn(add, request);
  if (caller !== undefined) {
    add('x-user-id', visible(caller.userId));
    add('x-user-roles', caller.roles.map(visible).join(','));
    for (const name in caller.headers) add(name, visible(caller.headers[name] ?? ''));
  }
  return list;
};

const isForGateway = (authorization: string, caller: Caller | undefined): boolean =>
  (caller !== undefined && bearer.test(authorization)) || holdsSessionToken(authorization);

/** API Gateway joins repeated headers with commas, so each value is checked. */
const bearer = /(?:^|,)\s*bearer(?:\s|$)/i;

const addOwn = (
  add: (name: string, value: string) => void,
  { id, host, clientIp, trace, body, method }: GatewayRequest,
): void => {
  add('x-forwarded-for', clientIp); // The client's own header cannot be trusted and is not kept.
  if (host) add('x-forwarded-host', host); // An event written by hand may have none.
  add('x-forwarded-proto', 'https'); // HTTP APIs support no other scheme.
  add('x-request-id', id);
  add('traceparent', trace.traceparent);
  if (trace.tracestate !== undefined) add('tracestate', trace.tracestate);
  add('x-amzn-trace-id', trace.amznTraceId);
  // RFC 9110 §8.6: a method with content states the length even if it is 0.
  if (body !== undefined || method === 'POST' || method === 'PUT' || method === 'PATCH') {
    add('content-length', String(body?.length ?? 0));
  }
};

const checkedName = (name: string): string => {
  if (!token.test(name)) throw malformed();
  return name;
};

/** RFC 9110 §5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * The bytes of a value, one character each, as Node writes them. API Gateway decodes values from UTF-8; they are sent
 * as UTF-8 again.
 */
const wireValue = (value: string): string => {
  if (plain.test(value)) return value;
  if (control.test(value)) throw malformed();
  return Buffer.from(value, 'utf8').toString('latin1');
};

const plain = /^[\t\u0020-\u007e]*$/;
const control = /[\u0000-\u0008\u000a-\u001f\u007f]/;

const malformed = (): GatewayError =>
  new GatewayError('BAD_REQUEST', {
    detail:
      'Send header names of letters, digits and hyphens, and values without control characters.',
  });

/**
 * A user id may be any text, but a header value may not (RFC 9110 §5.5). A comma in a role must not split it into two.
 */
const visible = (text: string): string =>
  text.toWellFormed().replace(/[^\u0021-\u007e]+|[,%]/g, encodeURIComponent);
