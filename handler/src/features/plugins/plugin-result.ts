import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { GatewayResponse } from '../../http/response.ts';
import { responseToResult, resultLimits } from '../../http/response-to-result.ts';

/** A response in the form that plugins change. A large body of the response must not be read after this. */
export const resultForPlugins = (response: GatewayResponse): APIGatewayProxyStructuredResultV2 => {
  const { headers, cookies, ...result } = responseToResult(response);
  return { ...result, headers: { ...headers }, ...(cookies && { cookies: [...cookies] }) };
};

/**
 * What a plugin responds with: a v2 result or, as for API Gateway, anything else as the JSON of a 200. Throws a
 * `TypeError` for what cannot be sent.
 */
export const responseOfPlugins = (result: unknown): GatewayResponse => {
  const { statusCode, headers, cookies, body, isBase64Encoded } = structured(result);
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new TypeError('A plugin responds with a statusCode that is no status from 200 to 599');
  const texts: Record<string, string> = {};
  const ownCookies = [...(cookies ?? [])].map(String);
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value === undefined || value === null) continue;
    if (name.toLowerCase() === 'set-cookie') ownCookies.push(String(value));
    else texts[name.toLowerCase()] = String(value);
  }
  const content = contentOf(body, isBase64Encoded === true);
  const response: GatewayResponse = {
    statusCode: status,
    headers: texts,
    ...(ownCookies.length > 0 && { cookies: ownCookies }),
    ...(content !== undefined && { body: content }),
  };
  if (!resultLimits.accepts({ ...response, body: Buffer.from(content ?? '') }))
    throw new TypeError('A plugin responds with more than Lambda or API Gateway can return');
  return response;
};

type Unchecked = { readonly [K in keyof APIGatewayProxyStructuredResultV2]: unknown } & {
  readonly headers?:
    Readonly<Record<string, string | number | boolean | null | undefined>> | undefined;
  readonly cookies?: Iterable<unknown> | undefined;
};

const structured = (result: unknown): Unchecked =>
  typeof result === 'object' && result !== null && 'statusCode' in result
    ? result
    : { statusCode: 200, headers: { 'content-type': 'application/json' }, body: result };

const contentOf = (body: unknown, isBase64: boolean): Buffer | string | undefined => {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return isBase64 ? Buffer.from(body, 'base64') : body;
  if (body instanceof Uint8Array) return Buffer.from(body);
  if (typeof body === 'object' && ('pipe' in body || 'getReader' in body))
    throw new TypeError('A plugin responds with a stream; the gateway sends whole bodies');
  return JSON.stringify(body);
};
