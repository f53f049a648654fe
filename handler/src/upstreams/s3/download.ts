import type { TextTemplate } from '../../http/expression.ts';
import { keyOf } from './object-key.ts';
import type { RespondWithUrl } from './s3-upstreams.ts';

export interface DownloadRule {
  readonly key: TextTemplate;
  readonly expiresSeconds: number;
  readonly redirects: boolean;
}

/** Responds with a URL by which the caller can get one object: 302, or 200 with JSON. */
export const download =
  ({ key, expiresSeconds, redirects }: DownloadRule): RespondWithUrl =>
  (input, presign) => {
    // A client repeats a HEAD request where it is redirected to.
    const isHead = redirects && input.request.method === 'HEAD';
    const { url, expiresAt } = presign({
      method: isHead ? 'HEAD' : 'GET',
      key: keyOf(key, input),
      headers: {},
      expiresSeconds,
    });
    const headers = { 'cache-control': 'no-store' };
    if (redirects) return { statusCode: 302, headers: { ...headers, location: url } };
    return {
      statusCode: 200,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ url, expires_at: expiresAt }),
    };
  };
