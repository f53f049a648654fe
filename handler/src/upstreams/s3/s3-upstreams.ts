import { readArn } from '../../aws/arn.ts';
import { endpointOf, roleCredentials } from '../../aws/aws-service.ts';
import { regionalEndpoint } from '../../aws/json-client.ts';
import type { UpstreamPolicy } from '../../contract.ts';
import type { SettingsReader } from '../../environment.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayResponse } from '../../http/response.ts';
import type { ForwardInput, UpstreamKind, UpstreamTools } from '../../parts.ts';
import { type PresignedRequest, presignUrl } from './presign.ts';

declare module '../../contract.ts' {
  interface UpstreamKinds {
    readonly s3: { readonly target: object; readonly policy: S3Policy };
  }
  interface Route {
    /** Of a route that leads to a bucket. */
    readonly s3?: RespondWithUrl;
  }
}

interface S3Policy {
  /** The environment variable that contains the ARN of the bucket, such as `UPSTREAM_FILES_ARN`. */
  readonly arnVariable: string;
}

/** Throws a GatewayError for a request that gets no URL. */
export type RespondWithUrl = (input: ForwardInput<'s3'>, presign: Presign) => GatewayResponse;

/** For one bucket, with the credentials of the function's role. */
type Presign = (request: Omit<PresignedRequest, 'base'>) => {
  readonly url: string;
  /** RFC 3339. The URL may end earlier: with the credentials, whose end is not known. */
  readonly expiresAt: string;
};

/** Buckets of S3, each with its ARN in an environment variable. The responses are URLs; S3 itself is not called. */
export const s3Upstreams: UpstreamKind<'s3'> = ({ upstreams }, reader) => {
  const opened = Object.values<UpstreamPolicy>(upstreams)
    .filter((policy) => policy.kind === 's3')
    .map((policy) => [policy.name, openBucket(policy, reader)] as const);
  return (tools) => {
    const buckets = new Map(opened.map(([name, open]) => [name, open(tools)]));
    return {
      forward: async (input) => {
        const { route, target } = input;
        const presign = buckets.get(target.upstream);
        if (presign === undefined || route.s3 === undefined)
          throw new TypeError(`${route.id} has no bucket`);
        const upstream = { name: target.upstream };
        try {
          return { upstream, outcome: route.s3(input, presign) };
        } catch (error) {
          if (error instanceof GatewayError) return { upstream, outcome: error };
          throw error;
        }
      },
    };
  };
};

const openBucket = ({ arnVariable }: UpstreamPolicy<'s3'>, reader: SettingsReader) => {
  const arn = readArn(reader, arnVariable, {
    what: 'an S3 bucket',
    service: 's3',
    resource: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    example: 'arn:aws:s3:::acme-files',
  });
  const endpoint = endpointOf('s3', reader);
  const region = reader.variables['AWS_REGION'] ?? '';
  return ({ now }: UpstreamTools): Presign => {
    const base = bucketUrl(arn.resource, endpoint, region);
    return (request) => {
      // Signatures have whole seconds.
      const nowMs = Math.floor(now() / 1000) * 1000;
      const credentials = roleCredentials(reader);
      return {
        url: presignUrl({ ...request, base }, region, credentials, nowMs),
        expiresAt: new Date(nowMs + request.expiresSeconds * 1000).toISOString(),
      };
    };
  };
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
