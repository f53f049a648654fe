import { createRequestSigner } from '../../../aws/request-signer.ts';
import { changing, type Extension, withHeader } from './extension.ts';

interface Policy {
  /** As AWS names it in signatures, such as `execute-api`. */
  readonly service: string;
  /** Absent: the gateway's own. */
  readonly region?: string;
}

/** Signs each attempt by AWS Signature Version 4, with the credentials of the function's own role. */
export const sigv4Credential =
  ({ service, region }: Policy): Extension =>
  ({ variables }) => {
    const sign = createRequestSigner({ service, region: region ?? variables['AWS_REGION'] ?? '' });
    return ({ now }) => ({
      connect: changing(async (request) => {
        const host = request.headers[1] ?? ''; // The first header is `host`.
        const { path, headers } = sign(
          { method: request.method, path: request.path, host, body: request.body },
          {
            accessKeyId: variables['AWS_ACCESS_KEY_ID'] ?? '',
            secretAccessKey: variables['AWS_SECRET_ACCESS_KEY'] ?? '',
            sessionToken: variables['AWS_SESSION_TOKEN'] || undefined,
          },
          now(),
        );
        return Object.entries(headers).reduce(
          (signed, [name, value]) => withHeader(signed, name, value),
          { ...request, path },
        );
      }),
    });
  };
