import { isUtf8 } from 'node:buffer';
import type { APIGatewayProxyEventV2WithLambdaAuthorizer } from 'aws-lambda';
import { isSessionCookie } from '../../http/own-credentials.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { ForwardInput } from '../../parts.ts';

type FunctionEvent = APIGatewayProxyEventV2WithLambdaAuthorizer<object>;

/**
 * The event that an HTTP API sends to a function, payload format 2.0: with the caller where a Lambda authorizer's context
 * is, with the headers that an HTTP upstream gets, and without the gateway's stage.
 *
 * @param sent names and values in turn, as they are written to a connection.
 */
export const functionEvent = (
  { request, route, params, caller }: Pick<ForwardInput, 'request' | 'route' | 'params' | 'caller'>,
  sent: readonly string[],
  accountId: string,
): FunctionEvent => {
  const { method, path, query, host, clientIp, id, receivedAtMs } = request;
  const headers = headersOf(sent);
  const cookies = request.cookies.filter((cookie) => !isSessionCookie(cookie));
  const [domainPrefix = ''] = host.split('.', 1);
  return {
    version: '2.0',
    routeKey: route.id,
    rawPath: path,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(query !== '' && { queryStringParameters: valuesOf(query) }),
    ...(hasAny(params) && { pathParameters: params }),
    requestContext: {
      accountId,
      apiId: domainPrefix,
      authorizer: { lambda: caller === undefined ? {} : describe(caller) },
      domainName: host,
      domainPrefix,
      http: {
        method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: clientIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: id,
      routeKey: route.id,
      stage: '$default',
      time: commonLogTime(receivedAtMs),
      timeEpoch: receivedAtMs,
    },
    ...bodyOf(request),
  };
};

/** Without what the headers say already, and what is for the log only. */
const describe = ({ userId, roles, ...more }: NonNullable<ForwardInput['caller']>): object => {
  const { scopes, claims, consumer, plan } = more as Readonly<Record<string, unknown>>;
  return { userId, roles, scopes, claims, consumer, plan };
};

const headersOf = (sent: readonly string[]): Record<string, string> => {
  const headers = Object.create(null) as Record<string, string>;
  for (let index = 0; index + 1 < sent.length; index += 2) {
    const name = sent[index] ?? '';
    const value = sent[index + 1] ?? '';
    if (name !== 'cookie') headers[name] = /[\u0080-\u00ff]/.test(value) ? textOf(value) : value;
  }
  return headers;
};

/** A value on the wire has a character for each byte of its UTF-8. */
const textOf = (value: string): string => Buffer.from(value, 'latin1').toString('utf8');

/** Repeated ones are joined with commas, as API Gateway does. */
const valuesOf = (query: string): Record<string, string> => {
  const values = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(query))
    values[name] = name in values ? `${values[name]},${value}` : value;
  return values;
};

const hasAny = (params: ForwardInput['params']): boolean => {
  for (const _ in params) return true;
  return false;
};

const bodyOf = ({
  body,
  headers,
}: GatewayRequest): Pick<FunctionEvent, 'body' | 'isBase64Encoded'> => {
  if (body === undefined) return { isBase64Encoded: false };
  return textTypes.test(headers['content-type'] ?? '') && isUtf8(body)
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
};

/** API Gateway sends the bodies of these types as text, others in base64. */
const textTypes =
  /^\s*(?:text\/|application\/(?:json|javascript|xml|[\w.-]+\+(?:json|xml))\s*(?:;|$))/i;

/** `12/Mar/2026:19:03:58 +0000`. */
const commonLogTime = (epochMs: number): string =>
  new Date(epochMs)
    .toUTCString()
    .replace(/^\w+, (\d+) (\w+) (\d+) (\S+) GMT$/, '$1/$2/$3:$4 +0000');
