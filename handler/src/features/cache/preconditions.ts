import type { GatewayRequest } from '../../http/request.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { withoutHeaders } from '../../http/without-headers.ts';
import { timeOf } from './cache-control.ts';

/** Whether the client has this response already (RFC 9110 §13.2.2). */
export const isUnmodified = (
  { headers: request }: GatewayRequest,
  { statusCode, headers }: GatewayResponse,
): boolean => {
  if (statusCode !== 200) return false;
  const { etag } = headers;
  const known = request['if-none-match'];
  if (known !== undefined)
    return known.trim() === '*' || (etag !== undefined && tagsIn(known).includes(opaque(etag)));
  const since = timeOf(request['if-modified-since']);
  const modified = timeOf(headers['last-modified'] ?? headers['date']);
  return since !== undefined && modified !== undefined && modified <= since;
};

/** `GET` compares weakly (RFC 9110 §8.8.3.2). */
const opaque = (etag: string): string => etag.trim().replace(/^W\//, '');

const tagsIn = (list: string): readonly string[] => list.match(/"[^"]*"/g) ?? [];

/** RFC 9110 §15.4.5: without what describes the body, which the client has. */
export const notModified = ({ headers }: GatewayResponse): GatewayResponse => ({
  statusCode: 304,
  headers: withoutHeaders(headers, (name) => ofBody.test(name)),
});

const ofBody = /^content-(?:disposition|encoding|language|length|md5|range|type)$/;

/**
 * The stored response with the headers of the 304 that validated it (RFC 9111 §3.2, §4.3.4). Those that describe the
 * stored body stay.
 */
export const updated = (
  stored: GatewayResponse & { readonly body: Buffer },
  { headers }: GatewayResponse,
): GatewayResponse & { readonly body: Buffer } => ({
  ...stored,
  headers: {
    ...stored.headers,
    ...withoutHeaders(headers, (name) => describing.has(name)),
  },
});

const describing: ReadonlySet<string> = new Set([
  ...['content-encoding', 'content-length', 'content-range', 'content-type', 'etag'],
]);

/** RFC 9111 §4.3.3: whether a 304 can be about the stored response. */
export const isAbout = (
  { headers: { etag: sent } }: GatewayResponse,
  { headers: { etag } }: GatewayResponse,
): boolean => sent === undefined || etag === undefined || opaque(sent) === opaque(etag);

/**
 * The request that validates the stored response (RFC 9111 §4.3.1). The client's own conditions are judged by the
 * response: a 304 about one that the gateway does not have could not be stored.
 */
export const conditional = (
  request: GatewayRequest,
  stored: GatewayResponse | undefined,
): GatewayRequest => {
  const { etag, 'last-modified': modified } = stored?.headers ?? {};
  return {
    ...request,
    headers: {
      ...withoutHeaders(request.headers, (name) => conditions.test(name)),
      ...(etag !== undefined && { 'if-none-match': etag }),
      ...(modified !== undefined && { 'if-modified-since': modified }),
    },
  };
};

const conditions = /^if-(?:none-match|modified-since|range)$/;
