import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../http/gateway-error.ts';
import { endsHere } from '../http/hop-by-hop.ts';
import type { GatewayResponse } from '../http/response.ts';
import { fitsIntoResult, maxResultBytes } from '../http/response-to-result.ts';

/** Reads an answer whole, and no further than Lambda could hand it on. Rejects where it ends before its time. */
export const readResponse = async (message: IncomingMessage): Promise<GatewayResponse> => {
  const { headers, cookies } = responseHeaders(message);
  const body = await readBody(message);
  if (!fitsIntoResult(headers, body)) throw tooLarge();
  return { statusCode: message.statusCode ?? 0, headers, cookies, body };
};

const readBody = (message: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxResultBytes) message.destroy(tooLarge());
      else chunks.push(chunk);
    });
    message.on('end', () =>
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
    );
    message.on('error', reject); // Node's `ECONNRESET: aborted` where the body ends early, among them.
  });

const responseHeaders = ({ rawHeaders, headers: parsed }: IncomingMessage) => {
  const ends = endsHere(parsed.connection);
  const headers = Object.create(null) as Record<string, string>;
  const cookies: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    if (name === 'set-cookie') cookies.push(value);
    else if (name !== 'content-length' && !ends(name)) {
      // RFC 9110 §5.3: fields of one name are one list. API Gateway counts the bytes itself.
      headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
    }
  }
  return { headers, cookies };
};

const tooLarge = (): GatewayError =>
  new GatewayError('UPSTREAM_ANSWER_TOO_LARGE', {
    detail: 'Ask for less at a time: a function’s answer may have 6 MB, and base64 adds a third.',
  });
