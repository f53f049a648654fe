import type { Feature } from '../../parts.ts';

/**
 * Removes the signature from requests of which API Gateway has verified it: it is meant for API Gateway, and anyone who
 * has it could send the request again for some minutes.
 */
export const withoutSignature: Feature = () => ({
  before: ({ context: { exchange } }) => {
    if (!exchange.platform?.authorizer?.iam) return;
    const { request } = exchange;
    // Without a prototype, like the original.
    const headers = Object.assign(Object.create(null) as Record<string, string>, request.headers);
    if (headers['authorization']?.startsWith('AWS4-')) delete headers['authorization'];
    for (const name of ['x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'])
      delete headers[name];
    const query = request.query
      .split('&')
      .filter((parameter) => !ofSignature.test(parameter))
      .join('&');
    exchange.request = { ...request, headers, query };
  },
});

/** A signature can be in the query as well. */
const ofSignature =
  /^x-amz-(?:algorithm|credential|date|expires|security-token|signature|signedheaders)=/i;
