import { roleCredentials } from '../../aws/aws-service.ts';
import type { AwsPolicy } from '../../aws/forward-to-aws.ts';
import type { UpstreamPolicy } from '../../contract.ts';
import type { SettingsReader } from '../../environment.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayResponse } from '../../http/response.ts';
import type { ForwardInput, UpstreamKind, UpstreamTools } from '../../parts.ts';
import { readBucket } from './bucket.ts';
import { type PresignedRequest, presignUrl } from './presign.ts';

declare module '../../contract.ts' {
  interface UpstreamKinds {
    readonly s3: { readonly target: object; readonly policy: AwsPolicy };
  }
  interface Route {
    /** Of a route that responds with a URL of a bucket. */
    readonly s3?: RespondWithUrl;
  }
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
    .map((policy) => [policy.name, openPresigner(policy, reader)] as const);
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

const openPresigner = ({ arnVariable }: UpstreamPolicy<'s3'>, reader: SettingsReader) => {
  const open = readBucket(arnVariable, reader);
  return ({ now }: UpstreamTools): Presign => {
    const { base, region } = open();
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
