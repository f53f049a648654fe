import { isAscii, isUtf8 } from 'node:buffer';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { fitsInJsonString, worstJsonGrowth } from './json-string-size.ts';
import { releaseLargeBody } from './large-body.ts';
import type { GatewayResponse } from './response.ts';

/**
 * API Gateway's form of a response: cookies in their array, and base64 where the body is not text. Nobody may read a
 * large body after this.
 */
export const responseToResult = ({
  statusCode,
  headers,
  cookies,
  body,
}: GatewayResponse): APIGatewayProxyStructuredResultV2 => {
  const result: APIGatewayProxyStructuredResultV2 = { statusCode, headers };
  if (cookies !== undefined && cookies.length > 0) result.cookies = [...cookies];
  if (body === undefined || body.length === 0) return result;
  if (typeof body === 'string') return { ...result, body };
  const encoded = isText(headers, body)
    ? { ...result, body: textOf(body) }
    : { ...result, body: body.toString('base64'), isBase64Encoded: true };
  releaseLargeBody(body);
  return encoded;
};

/** 1 MB of ASCII is a string twice as fast by its own way, of which one byte is one character. */
const textOf = (body: Buffer): string => body.toString(isAscii(body) ? 'latin1' : 'utf8');

/** Lambda's answer, headers and all, may have this many bytes; the platform's own answer to more is a blank 500. */
export const maxResultBytes = 6 * 1024 * 1024;

/** What the headers, which API Gateway limits to 10,240 bytes, and the JSON around the body may take. */
const reservedBytes = 32 * 1024;

/** Of the headers, an upstream's may take so much: 1 KB is for those that the gateway adds. */
const maxUpstreamHeaderBytes = 9_216;

/** Whether headers and cookies are within API Gateway's limit, and the body, in the form it goes out in, within Lambda's. */
export const fitsIntoResult = ({
  headers,
  cookies,
  body,
}: GatewayResponse & { readonly body: Buffer }): boolean =>
  headersFit(headers, cookies) && bodyFits(headers, body);

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

/** Base64 is always right, and a third larger: text goes as it is where it survives being a string unchanged. */
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
