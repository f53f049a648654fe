import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { AwsRequest } from './fake-aws.ts';
import { signatureProblem } from './signature.ts';

export interface S3Object {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Objects by their path: `/acme-files/exports/7.csv`, each segment encoded. */
export type FakeS3 = Map<string, S3Object>;

export const isForS3 = ({ headers }: AwsRequest): boolean =>
  headers.authorization?.includes('/s3/aws4_request') === true;

/** GetObject, HeadObject and PutObject, as S3 responds to a role that may not list the bucket. */
export const respondAsS3 = (
  objects: FakeS3,
  request: AwsRequest,
  response: ServerResponse,
): void => {
  const { method, path = '', headers, body } = request;
  const refuse = (status: number, code: string): void => {
    const text = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message><BucketName>acme-files</BucketName></Error>`;
    response.writeHead(status, { ...ofS3, 'content-type': 'application/xml' });
    response.end(method === 'HEAD' ? '' : text);
  };
  if (signatureProblem(request) !== undefined) return refuse(403, 'SignatureDoesNotMatch');
  const found = objects.get(path);
  if (method === 'PUT') {
    if (headers['if-none-match'] === '*' && found) return refuse(412, 'PreconditionFailed');
    const md5 = createHash('md5').update(body).digest('base64');
    if ((headers['content-md5'] ?? md5) !== md5) return refuse(400, 'BadDigest');
    objects.set(path, { body, headers: { 'content-type': String(headers['content-type']) } });
    response.writeHead(200, { ...ofS3, etag: etagOf(body) });
    return void response.end();
  }
  if (found === undefined) return refuse(403, 'AccessDenied');
  const own = {
    ...ofS3,
    etag: etagOf(found.body),
    'last-modified': 'Sat, 31 Jan 2026 12:00:00 GMT',
    'accept-ranges': 'bytes',
    ...found.headers,
  };
  if (headers['if-none-match'] === own.etag) return void response.writeHead(304, own).end();
  if ((headers['if-match'] ?? own.etag) !== own.etag) return refuse(412, 'PreconditionFailed');
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
  if (from === undefined) {
    response.writeHead(200, { ...own, 'content-length': Buffer.byteLength(found.body) });
    return void response.end(method === 'HEAD' ? '' : found.body);
  }
  if (Number(from) >= found.body.length) return refuse(416, 'InvalidRange');
  const part = found.body.slice(Number(from), to ? Number(to) + 1 : undefined);
  const range = `bytes ${from}-${Number(from) + part.length - 1}/${found.body.length}`;
  response.writeHead(206, { ...own, 'content-range': range, 'content-length': part.length });
  response.end(method === 'HEAD' ? '' : part);
};

const etagOf = (body: string): string => `"${createHash('md5').update(body).digest('hex')}"`;

/** What S3 says of itself. */
const ofS3 = {
  server: 'AmazonS3',
  'x-amz-request-id': 'request-of-s3',
  'x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:us-east-1:123456789012:key/1',
};
