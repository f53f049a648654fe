import { join } from 'node:path';
import type { BuiltInRoute } from '../../parts.ts';

export interface DocsPage {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

/** The page of the API reference. Its links are relative to a path without a slash at the end. */
export const docsPage =
  ({ html, contentSecurityPolicy }: DocsPage): BuiltInRoute =>
  async (_, { path }) =>
    path.endsWith('/')
      ? { statusCode: 308, headers: { location: `../${path.split('/').at(-2) ?? ''}` } }
      : {
          statusCode: 200,
          headers: {
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': contentSecurityPolicy,
          },
          body: html,
        };

export interface DocsScript {
  readonly folder: string;
  /** Contains the version, so that a browser can keep it. */
  readonly file: string;
  /** Whether other caches than the browser's may keep it, too. */
  readonly isPublic: boolean;
}

/**
 * The script of the page. It is stored compressed by Brotli, and read when it is requested. A client that does not accept
 * Brotli, such as a browser without TLS, gets it compressed by gzip: plain, it would not fit into a response of Lambda.
 */
export const docsScript =
  ({ folder, file, isPublic }: DocsScript): BuiltInRoute =>
  async (_, { headers: received }) => {
    const headers = {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': `${isPublic ? 'public' : 'private'}, max-age=31536000, immutable`,
      vary: 'accept-encoding',
      etag: `W/"${file}"`,
    };
    if (received['if-none-match']?.includes(headers.etag) === true)
      return { statusCode: 304, headers };
    const { readFileSync } = process.getBuiltinModule('node:fs');
    const { brotliDecompressSync, gzipSync } = process.getBuiltinModule('node:zlib');
    const stored = readFileSync(join(folder, `${file}.br`));
    const isBrotli = /\bbr\b(?! *; *q=0(?:\.0*)?(?:,|$))/.test(received['accept-encoding'] ?? '');
    return {
      statusCode: 200,
      headers: { ...headers, 'content-encoding': isBrotli ? 'br' : 'gzip' },
      body: isBrotli ? stored : gzipSync(brotliDecompressSync(stored)),
    };
  };
