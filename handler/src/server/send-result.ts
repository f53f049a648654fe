import type { ServerResponse } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

export interface Sending {
  readonly requestId: string;
  /** The headers as the client gets them. */
  readonly adjust?: (headers: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
}

/** Lambda's limit for a result in JSON. API Gateway replaces a larger one. */
const maxResultBytes = 6 * 1024 * 1024;

/** Sends a result of the function as API Gateway does. */
export const sendResult = (
  response: ServerResponse,
  result: APIGatewayProxyStructuredResultV2,
  { requestId, adjust = (headers) => headers }: Sending,
): void => {
  const { statusCode = 200, headers = {}, cookies = [], body = '', isBase64Encoded } = result;
  if (sizeOf(result) > maxResultBytes) {
    sendMessage(response, 500, 'Internal Server Error');
    return;
  }
  const bytes = Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
  const texts = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const own = adjust(Object.fromEntries(texts) as Record<string, string>);
  response.statusCode = statusCode;
  for (const [name, value] of Object.entries(own))
    if (!setByServer.has(name)) response.setHeader(name, wireValue(value));
  if (cookies.length > 0) response.setHeader('set-cookie', cookies.map(wireValue));
  if (bytes.length > 0 && own['content-type'] === undefined)
    response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.setHeader('apigw-requestid', requestId);
  // A response to HEAD has the length of the body that GET would have (RFC 9110 §8.6), which only the function knows.
  const length = response.req.method === 'HEAD' ? own['content-length'] : bytes.length;
  if (length !== undefined && !isBodiless(statusCode)) response.setHeader('content-length', length);
  response.end(bytes);
};

/** An error of the platform's own, not of the function. */
export const sendMessage = (response: ServerResponse, status: number, message: string): void => {
  const body = JSON.stringify({ message });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
};

/** The size of the JSON, without the time to write it where the body alone says enough. */
const sizeOf = (result: APIGatewayProxyStructuredResultV2): number =>
  (result.body?.length ?? 0) < maxResultBytes / worstGrowth
    ? 0
    : Buffer.byteLength(JSON.stringify(result));

/** A control character of one byte is six in JSON: `\u0000`. */
const worstGrowth = 8;

const setByServer: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'set-cookie',
  'transfer-encoding',
]);

/** RFC 9110 §6.4.1. */
const isBodiless = (status: number): boolean => status === 204 || status === 304 || status < 200;

/** The bytes of a value, one character each, as Node writes them. */
const wireValue = (value: string): string => Buffer.from(value, 'utf8').toString('latin1');
