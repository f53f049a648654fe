import { constants } from 'node:zlib';
import httpContentEncoding from '@middy/http-content-encoding';
import { releaseLargeBody } from '../../http/large-body.ts';
import { addVary } from '../../http/vary.ts';
import type { GatewayResponse } from '../../http/response.ts';
import type { Middleware, Outgoing } from '../../middleware.ts';
import type { Feature } from '../../parts.ts';
import { preferredEncoding } from './preferred-encoding.ts';

declare module '../../contract.ts' {
  interface Route {
    /** Absent: responses are not compressed. */
    readonly compress?: true;
  }
}

/** Below, the headers cost more than a compressed body saves. */
const leastBytes = 1_024;

/** Quality 4 takes a tenth of the time of the best, 11, and JSON is a tenth larger. */
const encoding = httpContentEncoding({
  br: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  gzip: { level: 6 },
});

type Call = Parameters<NonNullable<Middleware['after']>>[0];
type EncodingRequest = Parameters<NonNullable<(typeof encoding)['after']>>[0];

/** Compresses the responses of routes that say so, errors of the gateway included. */
export const compress: Feature = () => {
  const run = (outgoing: Outgoing): Promise<void> | undefined => {
    const { response, context } = outgoing;
    const { exchange } = context;
    const { request, match } = exchange;
    if (match?.route.compress !== true || !isCompressible(response)) return undefined;
    addVary(response.headers, 'accept-encoding');
    const preferred = preferredEncoding(request.headers['accept-encoding']);
    if (preferred === undefined || request.method === 'HEAD') return undefined;
    return encode(outgoing, preferred);
  };
  const step = (call: Call): Promise<void> | undefined =>
    call.response ? run(call as Outgoing) : undefined;
  return { after: step, onError: step };
};

const encode = async (outgoing: Outgoing, preferred: 'br' | 'gzip'): Promise<void> => {
  const { response } = outgoing;
  const request = {
    event: {},
    context: { preferredEncoding: preferred, preferredEncodings: [preferred] },
    response: { statusCode: response.statusCode, headers: {}, body: response.body },
  } as unknown as EncodingRequest;
  await encoding.after?.(request);
  const { body, isBase64Encoded } = request.response as { body: string; isBase64Encoded?: true };
  if (isBase64Encoded !== true) return;
  const { headers } = response;
  headers['content-encoding'] = preferred;
  delete headers['content-length'];
  const { etag } = headers;
  if (etag !== undefined && !etag.startsWith('W/')) headers['etag'] = `W/${etag}`;
  if (Buffer.isBuffer(response.body)) releaseLargeBody(response.body);
  outgoing.response = { ...response, body: Buffer.from(body, 'base64') };
};

const isCompressible = ({ statusCode, headers, body }: GatewayResponse): boolean =>
  body !== undefined &&
  body.length >= leastBytes &&
  statusCode !== 206 &&
  (headers['content-encoding'] ?? 'identity') === 'identity' &&
  !/\bno-transform\b/i.test(headers['cache-control'] ?? '') &&
  isText(headers['content-type'] ?? '');

/** Images, video and archives are compressed already. */
const isText = (contentType: string): boolean =>
  /^(?:text\/|application\/(?:json|javascript|xml|x-www-form-urlencoded|graphql|wasm)\b|image\/svg\+xml|[^;]*\+(?:json|xml|yaml)\b|application\/yaml)/i.test(
    contentType.trim(),
  );
