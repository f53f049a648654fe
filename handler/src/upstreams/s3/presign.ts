import { encodeUri, signatureOf } from '../../aws/request-signer.ts';
import { amzTime, type AwsCredentials, type Headers } from '../../aws/signature-v4.ts';

export interface PresignedRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  /** The scheme and the host; with a path of its own, it ends in `/`. */
  readonly base: URL;
  readonly key: string;
  /** What the holder of the URL must send as it is here, beside `Host`. */
  readonly headers: Headers;
  /** At most seven days. */
  readonly expiresSeconds: number;
}

/**
 * A URL by which anyone can make one request to S3 with the permissions of the credentials, until it expires or they do.
 * Nothing is sent. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export const presignUrl = (
  { method, base, key, headers, expiresSeconds }: PresignedRequest,
  region: string,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  nowMs: number,
): string => {
  const time = amzTime(nowMs);
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const signed = Object.entries({ ...headers, host: base.host }).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const names = signed.map(([name]) => name).join(';');
  const path = base.pathname + key.split('/').map(encodeUri).join('/');
  // In the order of their names.
  const query = Object.entries({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${scope}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': String(expiresSeconds),
    ...(sessionToken !== undefined && { 'X-Amz-Security-Token': sessionToken }),
    'X-Amz-SignedHeaders': names,
  })
    .map(([name, value]) => `${name}=${encodeUri(value)}`)
    .join('&');
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('');
  const request = [method, path, query, lines, names, 'UNSIGNED-PAYLOAD'].join('\n');
  const signature = signatureOf(request, { time, scope, secretAccessKey });
  return `${base.origin}${path}?${query}&X-Amz-Signature=${signature}`;
};
