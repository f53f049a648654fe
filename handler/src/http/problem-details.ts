import type { GatewayError } from './gateway-error.ts';
import type { GatewayRequest } from './request.ts';
import type { GatewayResponse } from './response.ts';

/** The page that lists the codes. */
const problemTypeBase = 'https://unpkg.com/postern/docs/errors.md#';

/** An error as a client sees it: problem details (RFC 9457) with the stable `code` and the request's id. */
export const problemDetails = (
  error: GatewayError,
  request: Pick<GatewayRequest, 'id' | 'method'>,
): GatewayResponse => ({
  statusCode: error.status,
  headers: {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...error.headers,
  },
  // RFC 9110 §9.3.2: an answer to HEAD has no content.
  ...(request.method !== 'HEAD' && {
    body: JSON.stringify({
      type: problemTypeBase + error.code,
      title: error.title,
      status: error.status,
      detail: error.detail,
      code: error.code,
      request_id: request.id,
      ...(error.violations.length > 0 && { errors: error.violations }),
    }),
  }),
});
