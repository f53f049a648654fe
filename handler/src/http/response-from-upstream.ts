import { isUtf8 } from 'node:buffer';
import { endsHere } from './hop-by-hop.ts';
import { setsSessionCookie } from './own-credentials.ts';
import type { GatewayResponse } from './response.ts';
import type { TransportResponse } from '../transport/attempt.ts';

/**
 * Headers with which one upstream would decide for the whole origin, which all upstreams share: whether browsers use
 * TLS, where they connect, and who can observe the requests.
 */
const originWide: ReadonlySet<string> = new Set(['strict-transport-security', 'alt-svc', 'nel']);

/**
 * The upstream response without hop-by-hop headers and those for the whole origin; repeated headers are joined (RFC 9110
 * §5.3), each `Set-Cookie` stays separate. Only an upstream that starts sessions can set the session cookies, or clear
 * them with `Clear-Site-Data`. The body and its encoding are unchanged.
 */
export const responseFromUpstream = (
  { statusCode, rawHeaders, body }: TransportResponse,
  method: string,
  startsSessions: boolean,
): GatewayResponse & { readonly body: Buffer } => {
  // Without a prototype, so that a header named `__proto__` is a header like any other.
  const headers = Object.create(null) as Record<string, string>;
  const cookies: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = textOf(rawHeaders[index + 1] ?? '');
    if (name === 'set-cookie') {
      if (startsSessions || !setsSessionCookie(value)) cookies.push(value);
    } else if (!originWide.has(name))
      headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  const ends = endsHere(headers['connection']);
  for (const name in headers) if (ends(name)) delete headers[name];
  if (!startsSessions) delete headers['clear-site-data'];
  // API Gateway sets the length itself. A response to HEAD has no body, so the upstream's length is kept.
  if (method !== 'HEAD' && statusCode !== 304) delete headers['content-length'];
  // RFC 9110 §8.3: a body without a type is bytes. API Gateway would declare it as text, and browsers would believe it.
  if (body.length > 0) headers['content-type'] ??= 'application/octet-stream';
  return { statusCode, headers, cookies, body };
};

/**
 * Node decodes headers as Latin-1. Most services send UTF-8, so valid UTF-8 is decoded; everything else stays Latin-1.
 */
const textOf = (value: string): string => {
  if (!/[\u0080-\u00ff]/.test(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
};
