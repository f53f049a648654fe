import { roleCredentials } from '../../../aws/aws-service.ts';
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
  (reader) => {
    const own = reader.variables['AWS_REGION'] ?? '';
    const sign = createRequestSigner({ service, region: region ?? own });
    return ({ now }) => ({
      connect: changing(async (request) => {
        const host = request.headers[1] ?? ''; // The first header is `host`.
        const { path, headers } = sign(
          { method: request.method, path: request.path, host, body: request.body },
          roleCredentials(reader),
          now(),
        );
        return Object.entries(headers).reduce(
          (signed, [name, value]) => withHeader(signed, name, value),
          { ...request, path },
        );
      }),
    });
  };
