import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { decodeLargeBody } from './large-body.ts';
import type { GatewayRequest } from './request.ts';
import { traceContext } from './trace-context.ts';

interface Arrival {
  readonly nowMs: number;
  /** Lambda's own `X-Amzn-Trace-Id` for this invocation. */
  readonly lambdaTrace?: string | undefined;
}

/** Frees the event of API Gateway's quirks. Total: whatever the event, a request comes out, and nothing is thrown. */
export const eventToRequest = (
  event: APIGatewayProxyEventV2,
  { nowMs, lambdaTrace }: Arrival,
): GatewayRequest => {
  const { http, domainName, requestId } = event.requestContext;
  // Of all escapes, an HTTP API leaves `%25` alone in `rawPath`, so that what was `%252e` cannot become `.` by two decodings.
  const path = withoutStage(event).replaceAll('%25', '%');
  const { headers, cookieHeader } = lowerCased(event.headers);
  return {
    id: requestId,
    method: http.method.toUpperCase(),
    path,
    segments: path.split('/').slice(1),
    query: event.rawQueryString,
    headers,
    cookies: event.cookies ?? splitCookies(cookieHeader),
    body: bodyOf(event),
    clientIp: http.sourceIp,
    host: domainName,
    trace: traceContext(headers, lambdaTrace),
    receivedAtMs: nowMs,
  };
};

/** Whether this is an HTTP API event of payload format 2.0, and not a REST API's or someone's test. */
export const isHttpApiEvent = (event: unknown): event is APIGatewayProxyEventV2 => {
  const candidate = event as Partial<APIGatewayProxyEventV2> | null | undefined;
  return (
    typeof candidate?.rawPath === 'string' &&
    candidate.rawPath.startsWith('/') &&
    typeof candidate.rawQueryString === 'string' &&
    typeof candidate.requestContext?.requestId === 'string' &&
    typeof candidate.requestContext.http?.method === 'string' &&
    typeof candidate.requestContext.http.sourceIp === 'string'
  );
};

/**
 * A named stage stands in `rawPath` under the API's own `….execute-api.…` name, but not under a custom domain.
 * Emulators on `localhost` leave it out too; there, a first segment equal to the stage is the route's own.
 */
const withoutStage = ({ rawPath, requestContext }: APIGatewayProxyEventV2): string => {
  const { stage, domainName } = requestContext;
  const standsInPath = domainName?.includes('.execute-api.') && !domainName.includes('.localhost');
  if (!standsInPath || !stage || stage === '$default') return rawPath;
  if (rawPath === `/${stage}`) return '/';
  return rawPath.startsWith(`/${stage}/`) ? rawPath.slice(stage.length + 1) : rawPath;
};

const lowerCased = (given: APIGatewayProxyEventV2['headers'] | undefined) => {
  // Without a prototype, so that a header named `__proto__` is a header like any other.
  const headers = Object.create(null) as Record<string, string>;
  let cookieHeader: string | undefined;
  for (const name in given) {
    const value = given[name];
    if (value === undefined) continue;
    const lowerName = name.toLowerCase();
    if (lowerName === 'cookie') cookieHeader = value;
    else headers[lowerName] = value;
  }
  return { headers, cookieHeader };
};

/** AWS hands cookies over apart from the headers; emulators leave them in `cookie` (RFC 6265 §4.2.1). */
const splitCookies = (header: string | undefined): string[] =>
  header === undefined
    ? []
    : header
        .split(';')
        .map((cookie) => cookie.trim())
        .filter((cookie) => cookie !== '');

const bodyOf = ({ body, isBase64Encoded }: APIGatewayProxyEventV2): Buffer | undefined => {
  if (body === undefined || body === null || body === '') return undefined;
  const encoding = isBase64Encoded ? 'base64' : 'utf8';
  return body.length < leastLent ? Buffer.from(body, encoding) : decodeLargeBody(body, encoding);
};

/** Below, fresh memory is as cheap. */
const leastLent = 65_536;
