import { isAscii, isUtf8 } from 'node:buffer';
import { fitsInJsonString, worstJsonGrowth } from './json-string-size.ts';
import { releaseLargeBody } from './large-body.ts';
import type { GatewayResponse, GatewayResult, ResponseLimits } from './response.ts';

/** API Gateway's form of a response: base64 where the body is not text. A large body must not be read after this. */
export const responseToResult = ({
  statusCode,
  headers,
  cookies,
  body,
}: GatewayResponse): GatewayResult => {
  const result: GatewayResult = {
    statusCode,
    headers,
    ...(cookies !== undefined && cookies.length > 0 && { cookies }),
  };
  if (body === undefined || body.length === 0) return result;
  if (typeof body === 'string') return { ...result, body };
  const encoded = isText(headers, body)
    ? { ...result, body: textOf(body) }
    : { ...result, body: body.toString('base64'), isBase64Encoded: true as const };
  releaseLargeBody(body);
  return encoded;
};

/** Converts ASCII to a string twice as fast as UTF-8 (measured with 1 MB). */
const textOf = (body: Buffer): string => body.toString(isAscii(body) ? 'latin1' : 'utf8');

/** Lambda's limit for a result, including headers. A larger result is an empty 500 for the client. */
const maxResultBytes = 6 * 1024 * 1024;

/** Room for the headers, which API Gateway limits to 10,240 bytes, and for the JSON around the body. */
const reservedBytes = 32 * 1024;

/** Room for the headers of an upstream response: 1 KB is reserved for those that the gateway adds. */
const maxUpstreamHeaderBytes = 9_216;

/** Whether headers and cookies are within API Gateway's limit, and the encoded body is within Lambda's. */
export const resultLimits: ResponseLimits = {
  maxBodyBytes: maxResultBytes,
  accepts: ({ headers, cookies, body }) => headersFit(headers, cookies) && bodyFits(headers, body),
};

const headersFit = (
  headers: Readonly<Record<string, string>>,
  cookies: readonly string[] = [],
): boolean => {
  let room = maxUpstreamHeaderBytes;
  for (const name in headers) room -= lineBytes(name.length, headers[name] ?? '');
  for (const cookie of cookies) room -= lineBytes('set-cookie'.length, cookie);
  return room >= 0;
};

/** With `: ` and CRLF. */
const lineBytes = (nameLength: number, value: string): number =>
  nameLength + Buffer.byteLength(value) + 4;

const bodyFits = (headers: Readonly<Record<string, string>>, body: Buffer): boolean => {
  const room = maxResultBytes - reservedBytes;
  if (body.length * worstJsonGrowth <= room) return true;
  if (!isText(headers, body)) return Math.ceil(body.length / 3) * 4 <= room;
  return fitsInJsonString(body, room);
};

/** Base64 is always correct, but a third larger. Text that a string represents without loss is sent as text. */
const isText = (headers: Readonly<Record<string, string>>, body: Buffer): boolean => {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return false;
  return isTextType(headers['content-type'] ?? '') && isUtf8(body);
};

const isTextType = (contentType: string): boolean => {
  const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  return type.startsWith('text/') || textTypes.has(type) || /\+(?:json|xml)$/.test(type);
};

const textTypes: ReadonlySet<string> = new Set([
  'application/javascript',
  'application/json',
  'application/x-www-form-urlencoded',
  'application/xml',
]);
