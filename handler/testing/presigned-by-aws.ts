import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentials, Headers } from '../src/aws/signature-v4.ts';
import { Sha256 } from './sha256.ts';

/**
 * The query that AWS's own client would give a presigned URL of S3: of the same host, path, time, region and duration,
 * with these credentials, for a request with this method and these headers.
 */
export const queryOfAws = async (
  url: URL,
  { method, headers }: { readonly method: string; readonly headers: Headers },
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
): Promise<unknown> => {
  const given = (name: string): string => url.searchParams.get(name) ?? '';
  const [, , region = ''] = given('X-Amz-Credential').slice(accessKeyId.length).split('/');
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  // As the client of S3 sets it: of the signature, and of nothing else.
  const hash = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
  const request = {
    method,
    protocol: url.protocol,
    hostname: url.host,
    path: url.pathname,
    query: {},
    headers: { ...headers, ...hash, host: url.host },
  };
  const names = new Set(Object.keys(hash));
  const { query } = await signer.presign(request, {
    signingDate: dateOf(given('X-Amz-Date')),
    expiresIn: Number(given('X-Amz-Expires')),
    unhoistableHeaders: names,
    unsignableHeaders: names,
  });
  return query;
};

/** `20150830T123600Z` */
const dateOf = (text: string): Date =>
  new Date(text.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
