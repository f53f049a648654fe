import { isUtf8 } from 'node:buffer';
import { endsHere } from '../http/hop-by-hop.ts';
import type { GatewayResponse } from '../http/response.ts';
import type { Answer } from './attempt.ts';

/**
 * The answer as it is passed on: without what speaks of the connection, repeated headers joined (RFC 9110 §5.3), each
 * `Set-Cookie` apart. The body and its encoding stay as they are.
 */
export const answerToResponse = (
  { statusCode, rawHeaders, body }: Answer,
  method: string,
): GatewayResponse & { readonly body: Buffer } => {
  // Without a prototype, so that a header named `__proto__` is a header like any other.
  const headers = Object.create(null) as Record<string, string>;
  const cookies: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = textOf(rawHeaders[index + 1] ?? '');
    if (name === 'set-cookie') cookies.push(value);
    else headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  const ends = endsHere(headers['connection']);
  for (const name in headers) if (ends(name)) delete headers[name];
  // API Gateway counts the bytes itself; here there are none, and the length is that of what was asked about.
  if (method !== 'HEAD' && statusCode !== 304) delete headers['content-length'];
  // RFC 9110 §8.3: without a type it is bytes. API Gateway would say that it is text, and browsers believe it.
  if (body.length > 0) headers['content-type'] ??= 'application/octet-stream';
  return { statusCode, headers, cookies, body };
};

/** Node gives a character a byte. A result is text, and most services write UTF-8; what is none stays Latin-1. */
const textOf = (value: string): string => {
  if (!/[\u0080-\u00ff]/.test(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
};
