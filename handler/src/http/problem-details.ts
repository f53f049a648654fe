import type { GatewayError } from './gateway-error.ts';
import type { GatewayRequest } from './request.ts';
import type { GatewayResponse } from './response.ts';

export interface ProblemSettings {
  /** URL of the page that describes the codes. The `type` of a problem is this URL with the code appended. */
  readonly typeBase: string;
}

/** The default page that describes the codes: `docs/errors.md` of the package. */
export const defaultTypeBase = 'https://unpkg.com/postern/docs/errors.md#';

/** An error as a client sees it: problem details (RFC 9457) with the stable `code` and the request's id. */
export const problemDetails = (
  error: GatewayError,
  request: Pick<GatewayRequest, 'id' | 'method'>,
  settings: ProblemSettings,
): GatewayResponse => ({
  statusCode: error.status,
  headers: {
    'cache-control': 'no-store',
    ...error.headers,
    'content-type': 'application/problem+json',
  },
  // RFC 9110 §9.3.2: a response to HEAD has no content.
  ...(request.method !== 'HEAD' && {
    body: problemBody(error, settings, request.id),
  }),
});

export const problemBody = (
  error: GatewayError,
  { typeBase }: ProblemSettings,
  requestId?: string,
): string =>
  JSON.stringify({
    type: typeBase + error.code,
    title: error.title,
    status: error.status,
    detail: error.detail,
    code: error.code,
    request_id: requestId,
    ...(error.violations.length > 0 && { errors: error.violations }),
    // The name is the one of draft-ietf-httpapi-ratelimit-headers.
    ...(error.violatedPolicies.length > 0 && { 'violated-policies': error.violatedPolicies }),
  });
