import { readArn } from '../../aws/arn.ts';
import { endpointOf } from '../../aws/aws-service.ts';
import { regionalEndpoint } from '../../aws/json-client.ts';
import type { SettingsReader } from '../../environment.ts';

export interface Bucket {
  /** The scheme and the host; with a path of its own, it ends in `/`. */
  readonly base: URL;
  readonly region: string;
}

/** Reads the ARN of a bucket first. */
export const readBucket = (arnVariable: string, reader: SettingsReader): (() => Bucket) => {
  const arn = readArn(reader, arnVariable, {
    what: 'an S3 bucket',
    service: 's3',
    resource: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    example: 'arn:aws:s3:::acme-files',
  });
  const endpoint = endpointOf('s3', reader);
  const region = reader.variables['AWS_REGION'] ?? '';
  return () => ({ base: bucketUrl(arn.resource, endpoint, region), region });
};

/**
 * A bucket is a host of its own, except where its name has dots, for which S3 has no certificate, and at an emulator.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
const bucketUrl = (bucket: string, endpoint: URL | undefined, region: string): URL => {
  const url = endpoint ?? regionalEndpoint('s3', region);
  return endpoint || bucket.includes('.')
    ? new URL(`/${bucket}/`, url)
    : new URL(`${url.protocol}//${bucket}.${url.host}/`);
};
