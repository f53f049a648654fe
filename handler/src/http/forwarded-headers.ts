import { GatewayError } from './gateway-error.ts';
import { holdsSessionToken, isSessionCookie } from './own-credentials.ts';
import type { GatewayRequest } from './request.ts';
import { withVia } from './via.ts';
import { isWithheld } from './withheld-headers.ts';

/** Who is calling, as the session says. */
export interface Caller {
  readonly userId: string;
  readonly roles: readonly string[];
}

/** Between whom the headers go. */
export interface Hop {
  readonly upstreamHost: string;
  /** The gateway's own name in `Via`. */
  readonly viaName: string;
}

/**
 * The headers for the upstream, as Node's flat list of names and values: the client's without those that are
 * withheld, then the gateway's own. A session's credentials go no further on any route; on one that needs a
 * session, no bearer token does: it was meant for the gateway. 400 for a name or a value that HTTP cannot
 * carry, 508 for a request that goes round.
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
  }
  return list;
};

const isForGateway = (authorization: string, caller: Caller | undefined): boolean =>
  (caller !== undefined && bearer.test(authorization)) || holdsSessionToken(authorization);

/** API Gateway joins repeated headers with commas: any of them may be the one. */
const bearer = /(?:^|,)\s*bearer(?:\s|$)/i;

const addOwn = (
  add: (name: string, value: string) => void,
  { id, host, clientIp, trace, body, method }: GatewayRequest,
): void => {
  add('x-forwarded-for', clientIp); // A client's own is its word alone, and is not kept.
  if (host) add('x-forwarded-host', host); // A hand-made event may have none.
  add('x-forwarded-proto', 'https'); // HTTP APIs have no other.
  add('x-request-id', id);
  add('traceparent', trace.traceparent);
  if (trace.tracestate !== undefined) add('tracestate', trace.tracestate);
  add('x-amzn-trace-id', trace.amznTraceId);
  // RFC 9110 §8.6: a method that takes content says so even where there is none.
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
 * A value's bytes, one character each, as Node writes them. API Gateway hands values over as text, read from UTF-8;
 * UTF-8 they leave as.
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

/** A user's id may be any text; a header's value may not (RFC 9110 §5.5). A role's comma must not make two of it. */
const visible = (text: string): string =>
  text.toWellFormed().replace(/[^\u0021-\u007e]+|[,%]/g, encodeURIComponent);
