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

/** Frees the event of API Gateway's quirks. Total: whatever the event, a request comes out, and nothing is thrown. */
export const eventToRequest = (
  event: APIGatewayProxyEventV2,
  { nowMs, lambdaTrace }: Arrival,
): GatewayRequest => {
  const { http, domainName, requestId } = event.requestContext;
  // How often an HTTP API decodes `rawPath` is undocumented: once and all but `%25`, or twice, as probes that
  // others published saw. What is left of `%25` is taken for `%`, and no escape that comes out of it is decoded any more:
  // the path is encoded anew for the service.
  const path = withoutStage(event).replaceAll('%25', '%');
  const { headers, cookieHeader, endsCookies } = arrivingHeaders(event.headers);
  return {
    id: requestId,
    method: http.method.toUpperCase(),
    path,
    segments: path.split('/').slice(1),
    basePath: basePathOf(event.requestContext, headers['host']),
    query: event.rawQueryString,
    headers,
    cookies: endsCookies ? [] : (event.cookies ?? splitCookies(cookieHeader)),
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
 * API Gateway puts a named stage in front of `rawPath` on every host, custom domains included
 * (CodeGenieApp/serverless-express#465); the emulator leaves it out. So it is removed where it is, and once. A route
 * whose first segment is the stage could not be told apart on the emulator: Terraform refuses such a contract.
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
 * Clients of the API's own host write the stage. Under a custom domain they write the key of its API mapping, which
 * never arrives here; `terraform/modules/api` maps the root, so nothing. The emulator names its `….execute-api.localhost`
 * in every event, and is reached by that host or by a path of its own.
 */
const basePathOf = (
  { stage, domainName, apiId }: APIGatewayProxyEventV2['requestContext'],
  hostHeader: string | undefined,
): string => {
  if (!domainName?.includes('.execute-api.')) return '';
  const ofStage = isNamed(stage) ? `/${stage}` : '';
  const isByPath = domainName.endsWith('.localhost') && !hostHeader?.startsWith(domainName);
  return isByPath ? `/_aws/execute-api/${apiId}${ofStage}` : ofStage;
};

/** Names in lower case, without the headers that end here: whatever judges the others judges what will be sent. */
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
