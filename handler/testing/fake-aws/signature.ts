import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { AwsRequest } from './fake-aws.ts';

/** Temporary credentials, as Lambda puts them into a function's environment. */
export const credentials = {
  accessKeyId: 'ASIABENCHBENCHBENCH0',
  secretAccessKey: 'bench-secret-access-key',
  sessionToken: 'bench-session-token',
} as const;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer | string, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

const form =
  /^AWS4-HMAC-SHA256 Credential=(\w+)\/((\d{8})\/([\w-]+)\/(\w+)\/aws4_request), ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/;

/** What is wrong with the request's Signature Version 4; undefined where it is valid. */
export const signatureProblem = ({
  method,
  path,
  headers,
  body,
}: AwsRequest): string | undefined => {
  const [, accessKeyId, scope, day, region, service, signedHeaders, signature] =
    form.exec(headers.authorization ?? '') ?? [];
  if (!scope || !day || !region || !service || !signedHeaders || !signature) {
    return 'The Authorization header is not AWS Signature Version 4';
  }
  if (accessKeyId !== credentials.accessKeyId) return `${accessKeyId} is not the key given`;
  if (headers['x-amz-security-token'] !== credentials.sessionToken) {
    return 'X-Amz-Security-Token is not the session token given';
  }
  // Other services than S3 encode each segment once more.
  const canonicalPath =
    service === 's3' ? path : path?.split('/').map(encodeURIComponent).join('/');
  const canonicalRequest = [
    method,
    canonicalPath,
    '',
    ...signedHeaders.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    signedHeaders,
    sha256(body),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonicalRequest)].join(
    '\n',
  );
  const expected = hmac(signingKey(day, region, service), toSign);
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'))
    ? undefined
    : 'The signature does not match the request';
};

const keys = new Map<string, Buffer>();
const signingKey = (day: string, region: string, service: string): Buffer => {
  const scope = `${day}/${region}/${service}`;
  const known = keys.get(scope);
  if (known) return known;
  const parts = [day, region, service, 'aws4_request'];
  const key = parts.reduce<Buffer>(hmac, Buffer.from(`AWS4${credentials.secretAccessKey}`));
  keys.set(scope, key);
  return key;
};
