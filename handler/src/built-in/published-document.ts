import { join } from 'node:path';
import type { GatewayResponse } from '../http/response.ts';

/** Lambda returns at most 6 MB, and every quotation mark of JSON takes two bytes of them. */
const maxPlainBytes = 3_000_000;

/**
 * Responds with the published document, which lies beside the code, compressed by Brotli. It is not read before the
 * first request. A document that does not fit into a response is sent compressed.
 */
export const publishedDocument = (
  folder: string,
  type: string,
  convert = (json: string): string => json,
): GatewayResponse => {
  // Loaded only now: no other request needs them.
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const { brotliDecompressSync, gzipSync } = process.getBuiltinModule('node:zlib');
  const body = convert(String(brotliDecompressSync(readFileSync(join(folder, 'openapi.br')))));
  const headers = { 'content-type': type, 'cache-control': 'public, max-age=300' };
  return Buffer.byteLength(body) > maxPlainBytes
    ? {
        statusCode: 200,
        headers: { ...headers, 'content-encoding': 'gzip' },
        body: gzipSync(body),
      }
    : { statusCode: 200, headers, body };
};
