import { type AwsCall, awsUpstreams } from '../../aws/forward-to-aws.ts';
import { roleCredentials } from '../../aws/aws-service.ts';
import { createRequestSigner, encodeUri } from '../../aws/request-signer.ts';
import type { ForwardInput, UpstreamKind, UpstreamTools } from '../../parts.ts';
import { readBucket } from './bucket.ts';
import { s3Upstreams } from './s3-upstreams.ts';

declare module '../../contract.ts' {
  interface Route {
    /** Of a route that reads or writes an object itself. */
    readonly object?: CallS3;
  }
}

/** Throws a GatewayError for a request that S3 is not called for. */
export type CallS3 = (input: ForwardInput<'s3'>, limits: UpstreamTools['limits']) => ObjectCall;

/** One request to S3 about one object. */
export interface ObjectCall extends AwsCall {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Buckets of which the gateway reads and writes some objects itself. */
export const proxiedS3Upstreams: UpstreamKind<'s3'> = (contract, reader) => {
  const openPresigned = s3Upstreams(contract, reader);
  const openProxied = openObjects(contract, reader);
  return (tools) => {
    const presigned = openPresigned(tools);
    const proxied = openProxied(tools);
    return {
      forward: (input) => (input.route.object === undefined ? presigned : proxied).forward(input),
    };
  };
};

const openObjects = awsUpstreams<'s3', ObjectCall>('s3', ({ arnVariable }, reader) => {
  const open = readBucket(arnVariable, reader);
  return ({ connect, now, limits }) => {
    const { base, region } = open();
    const sign = createRequestSigner({ region, service: 's3' });
    const connections = connect(base, { now, maxBodyBytes: limits.maxBodyBytes });
    return {
      service: {
        send: async ({ method, key, headers, body }, deadlineMs) => {
          const signed = sign(
            {
              method,
              path: base.pathname + key.split('/').map(encodeUri).join('/'),
              host: base.host,
              body,
            },
            roleCredentials(reader),
            now(),
          );
          const sent = { host: base.host, ...headers, ...signed.headers };
          const attempt = await connections.send(
            { method, path: signed.path, headers: Object.entries(sent).flat(), body },
            deadlineMs,
          );
          // The other connections are as old as the one that failed, perhaps of before the environment was last frozen.
          if (attempt.kind === 'failed') connections.closeIdle();
          return attempt;
        },
      },
      call: (input) => {
        const { object } = input.route;
        if (object === undefined) throw new TypeError(`${input.route.id} has no object`);
        return object(input, limits);
      },
    };
  };
});
