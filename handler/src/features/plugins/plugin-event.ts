import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { eventToRequest } from '../../http/event-to-request.ts';
import { releaseLargeBody } from '../../http/large-body.ts';
import type { GatewayRequest } from '../../http/request.ts';

/**
 * The event for plugins, which may change it: as received, but with the headers, cookies and address that the gateway
 * accepts. So a client's `Connection` cannot remove a header that a plugin adds.
 */
export const eventForPlugins = (
  event: APIGatewayProxyEventV2,
  { headers, cookies, clientIp }: GatewayRequest,
): APIGatewayProxyEventV2 => {
  const { requestContext } = event;
  const own: APIGatewayProxyEventV2 = {
    ...event,
    headers: { ...headers },
    requestContext: { ...requestContext, http: { ...requestContext.http, sourceIp: clientIp } },
  };
  if (cookies.length > 0) own.cookies = [...cookies];
  else delete own.cookies;
  if (event.queryStringParameters) own.queryStringParameters = { ...event.queryStringParameters };
  return own;
};

/** What a plugin may have changed, to compare. */
export interface EventMark {
  readonly body: unknown;
  readonly rawQueryString: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export const markOf = (event: APIGatewayProxyEventV2): EventMark => ({
  body: event.body,
  rawQueryString: event.rawQueryString,
  parameters: { ...event.queryStringParameters },
});

/**
 * The request with what plugins changed in the event. Throws for another path or method: the route, and so who may
 * call it, is decided by those.
 */
export const requestOfPlugins = (
  request: GatewayRequest,
  event: APIGatewayProxyEventV2,
  former: { readonly mark: EventMark; readonly original: APIGatewayProxyEventV2 },
): GatewayRequest => {
  const { mark, original } = former;
  if (
    event.rawPath !== original.rawPath ||
    event.requestContext.http.method !== original.requestContext.http.method
  )
    throw new TypeError('A plugin cannot change rawPath or the method: the route is decided');
  const isBodyKept = event.body === mark.body;
  const changed = eventToRequest(
    {
      ...event,
      headers: textsOf(event.headers),
      rawQueryString: queryOf(event, mark),
      ...(isBodyKept ? { body: '' } : bodyOf(event)),
    },
    { nowMs: request.receivedAtMs },
  );
  if (!isBodyKept && request.body !== undefined) releaseLargeBody(request.body);
  const { headers, cookies, query } = changed;
  return { ...request, headers, cookies, query, body: isBodyKept ? request.body : changed.body };
};

/** What plugins in JavaScript set. */
type HeaderValue = string | number | boolean | null | undefined;

const textsOf = (headers: Readonly<Record<string, HeaderValue>>): Record<string, string> => {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && value !== null) texts[name] = String(value);
  }
  return texts;
};

/** Middy's JSON parser replaces the body by what it says. */
const bodyOf = ({
  body,
  isBase64Encoded,
}: {
  readonly body?: unknown;
  readonly isBase64Encoded: boolean;
}): Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'> => {
  if (body === undefined || body === null) return { body: '', isBase64Encoded: false };
  return typeof body === 'string'
    ? { body, isBase64Encoded }
    : { body: JSON.stringify(body), isBase64Encoded: false };
};

/** Parameters that were changed by name replace those of the raw query; the others stay exactly as they are. */
const queryOf = (
  { rawQueryString, queryStringParameters }: APIGatewayProxyEventV2,
  mark: EventMark,
): string => {
  if (rawQueryString !== mark.rawQueryString) return rawQueryString;
  const given: Readonly<Record<string, unknown>> = queryStringParameters ?? {};
  const names = new Set([...Object.keys(given), ...Object.keys(mark.parameters)]);
  const changed = new Set([...names].filter((name) => given[name] !== mark.parameters[name]));
  if (changed.size === 0) return rawQueryString;
  const kept = rawQueryString
    .split('&')
    .filter((pair) => pair !== '' && !changed.has(nameOf(pair)));
  const added = [...changed]
    .filter((name) => given[name] !== undefined)
    .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(String(given[name]))}`);
  return [...kept, ...added].join('&');
};

const nameOf = (pair: string): string => {
  const [name = ''] = new URLSearchParams(pair).keys();
  return name;
};
