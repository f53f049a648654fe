import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { endsHere } from './hop-by-hop.ts';
import { decodeLargeBody } from './large-body.ts';
import type { GatewayRequest } from './request.ts';
import { traceContext } from './trace-context.ts';

interface Arrival {
  readonly nowMs: number;
  /** Lambda's own `X-Amzn-Trace-Id` for this invocation. */
  readonly lambdaTrace?: string | undefined;
}

/**
 * Converts an event of API Gateway, without its quirks, to a request. Never throws: every event results in a request.
 */
export const eventToRequest = (
  event: APIGatewayProxyEventV2,
  { nowMs, lambdaTrace }: Arrival,
): GatewayRequest => {
  const { http, domainName, requestId } = event.requestContext;
  // How often an HTTP API decodes `rawPath` is undocumented: once, except `%25`, or twice, as published tests show. A
  // remaining `%25` is read as `%`, and an escape that results from it is not decoded again: the path is encoded again
  // for the service.
  const path = withoutStage(event).replaceAll('%25', '%');
  const { headers, cookieHeader, endsCookies } = arrivingHeaders(event.headers);
  const host = hostOf(domainName, headers['host']);
  return {
    id: requestId,
    method: http.method.toUpperCase(),
    path,
    segments: path.split('/').slice(1),
    basePath: basePathOf(event.requestContext, host),
    query: event.rawQueryString,
    headers,
    cookies: endsCookies ? [] : (event.cookies ?? splitCookies(cookieHeader)),
    body: bodyOf(event),
    clientIp: http.sourceIp,
    host,
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
 * API Gateway puts a named stage in front of `rawPath` on every host, custom domains included
 * (CodeGenieApp/serverless-express#465); the emulator omits it. So it is removed once if present. On the emulator, a
 * route whose first segment equals the stage would be ambiguous: Terraform refuses such a contract.
 */
const withoutStage = ({ rawPath, requestContext: { stage } }: APIGatewayProxyEventV2): string => {
  if (!isNamed(stage)) return rawPath;
  if (!rawPath.startsWith(stage, 1)) return rawPath;
  const rest = rawPath.slice(stage.length + 1);
  if (rest === '') return '/';
  return rest.startsWith('/') ? rest : rawPath;
};

/** `$default` never appears in a path. */
const isNamed = (stage: string | undefined): stage is string => !!stage && stage !== '$default';

/**
 * API Gateway names only a domain that is set up for it, whatever `Host` says. The emulator has its
 * `….execute-api.localhost` in every event, and clients reach it by that host or by a separate path of another.
 */
const hostOf = (domainName: string, hostHeader: string | undefined): string =>
  (domainName?.endsWith('.localhost') && hostHeader) || domainName;

/**
 * At the API's own host, the client's path includes the stage. At a custom domain it includes the key of the API
 * mapping, which never arrives here; `terraform/modules/api` maps the root, so the prefix is empty.
 */
const basePathOf = (
  { stage, domainName, apiId }: APIGatewayProxyEventV2['requestContext'],
  host: string,
): string => {
  if (!domainName?.includes('.execute-api.')) return '';
  const ofStage = isNamed(stage) ? `/${stage}` : '';
  return (host.startsWith(domainName) ? '' : `/_aws/execute-api/${apiId}`) + ofStage;
};

/**
 * Names in lower case, without the headers that end here. So all later checks see exactly the headers that will be
 * sent.
 */
const arrivingHeaders = (given: APIGatewayProxyEventV2['headers'] | undefined) => {
  // Without a prototype, so that a header named `__proto__` is a header like any other.
  const headers = Object.create(null) as Record<string, string>;
  for (const name in given) {
    const value = given[name];
    if (value !== undefined) headers[name.toLowerCase()] = value;
  }
  const ends = endsHere(headers['connection']);
  for (const name in headers) if (ends(name)) delete headers[name];
  const cookieHeader = headers['cookie'];
  delete headers['cookie'];
  return { headers, cookieHeader, endsCookies: ends('cookie') };
};

/** AWS passes cookies separately from the headers; emulators leave them in `cookie` (RFC 6265 §4.2.1). */
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

/** For smaller bodies, new memory costs the same. */
const leastLent = 65_536;
