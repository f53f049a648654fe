import { headerOf } from '../../aws/aws-error.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { TransportResponse } from '../../transport/attempt.ts';

/** Why the function returned no result. Undefined if it did. */
export const functionErrorOf = (response: TransportResponse): GatewayError | undefined => {
  const kind = headerOf(response, 'x-amz-function-error');
  if (kind === undefined) return undefined;
  const { errorType, errorMessage } = (parsed(response.body) ?? {}) as Readonly<
    Record<string, unknown>
  >;
  const cause = new FunctionError(
    kind,
    typeof errorType === 'string' ? errorType.replaceAll('.', '_') : 'Error',
  );
  // https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html: Lambda itself ended the function.
  return errorType === 'Sandbox.Timedout' || /\bTask timed out after\b/.test(String(errorMessage))
    ? new GatewayError('UPSTREAM_TIMEOUT', { detail: 'Try again later.', cause })
    : new GatewayError('UPSTREAM_BAD_RESPONSE', {
        detail: 'The upstream failed.',
        note: 'the function failed: its own log has the error, with this request id',
        cause,
      });
};

/** Its message may quote the request, and stays in the function's own log. */
class FunctionError extends Error {
  readonly code: string;

  constructor(code: string, name: string) {
    super(code);
    this.name = name;
    this.code = code;
  }
}

/**
 * The HTTP response that API Gateway makes of a result, payload format 2.0: what has a `statusCode` is a response, and
 * anything else is the body of a 200 with JSON. UPSTREAM_BAD_RESPONSE for what API Gateway would refuse with its own 500.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const responseOfResult = (payload: Buffer): TransportResponse => {
  const result = parsed(payload);
  if (typeof result === 'string') return inferred(Buffer.from(result));
  if (typeof result !== 'object' || result === null || !('statusCode' in result))
    return inferred(payload);
  const { statusCode, headers, cookies, body, isBase64Encoded } = result as Readonly<
    Record<string, unknown>
  >;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw invalid('statusCode is not a number from 200 to 599');
  const rawHeaders: string[] = [];
  for (const [name, value] of Object.entries(headers ?? {})) rawHeaders.push(...line(name, value));
  if (!rawHeaders.some((name, index) => index % 2 === 0 && /^content-type$/i.test(name)))
    rawHeaders.push('content-type', 'text/plain;charset=UTF-8'); // As API Gateway declares it.
  for (const cookie of Array.isArray(cookies) ? (cookies as readonly unknown[]) : [])
    rawHeaders.push(...line('set-cookie', cookie));
  return {
    kind: 'responded',
    statusCode: status,
    rawHeaders,
    body: bytesOf(body, isBase64Encoded),
  };
};

const inferred = (body: Buffer): TransportResponse => ({
  kind: 'responded',
  statusCode: 200,
  rawHeaders: ['content-type', 'application/json'],
  body,
});

const bytesOf = (body: unknown, isBase64Encoded: unknown): Buffer => {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body !== 'string') throw invalid('body is not a string');
  return Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
};

/** As it would be on the wire: a character for each byte. */
const line = (name: string, value: unknown): readonly string[] => {
  const isScalar = ['string', 'number', 'boolean'].includes(typeof value);
  const text = String(value);
  if (!isScalar || !token.test(name) || control.test(text))
    throw invalid('a header or a cookie is not valid in HTTP');
  return [name, /[^\u0000-\u007f]/.test(text) ? Buffer.from(text).toString('latin1') : text];
};

/** RFC 9110 §5.6.2 and §5.5. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const control = /[\u0000-\u0008\u000a-\u001f\u007f]/;

const invalid = (note: string): GatewayError =>
  new GatewayError('UPSTREAM_BAD_RESPONSE', {
    detail: 'The upstream response is not valid.',
    note: `the result of the function: ${note}`,
  });

/** Undefined where it is no JSON, which Lambda itself never sends. */
const parsed = (payload: Buffer): unknown => {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
};
