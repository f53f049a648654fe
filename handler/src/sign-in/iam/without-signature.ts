import { withoutHeaders } from '../../http/without-headers.ts';
import type { Feature } from '../../parts.ts';

/**
 * Removes the signature from requests of which API Gateway has verified it: it is meant for API Gateway, and anyone who
 * has it could send the request again for some minutes.
 */
export const withoutSignature: Feature = () => ({
  before: ({ context: { exchange } }) => {
    if (!exchange.platform?.authorizer?.iam) return;
    const { request } = exchange;
    const headers = withoutHeaders(
      request.headers,
      (name, value) =>
        ofSignature.has(name) || (name === 'authorization' && value.startsWith('AWS4-')),
    );
    const query = request.query
      .split('&')
      .filter((parameter) => !inQuery.test(parameter))
      .join('&');
    exchange.request = { ...request, headers, query };
  },
});

const ofSignature: ReadonlySet<string> = new Set([
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
]);

/** A signature can be in the query as well. */
const inQuery =
  /^x-amz-(?:algorithm|credential|date|expires|security-token|signature|signedheaders)=/i;
