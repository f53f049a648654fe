import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { ProxySecrets } from './proxy-secrets.ts';
import { viewerAddress } from './viewer-address.ts';
import type { Middleware } from '../../middleware.ts';

export interface TrustedProxy {
  /** In lower case. */
  readonly headerName: string;
  readonly secrets: Pick<ProxySecrets, 'accept'>;
}

/**
 * Takes requests from the proxy in front alone, which proves itself with a secret header, and believes it who the client
 * is: `sourceIp` is an address of the proxy's. The header goes no further. `/health` stays open to deployments and
 * monitors, which call the API itself; it calls nobody and says that the function runs.
 */
export const trustedProxy = ({ headerName, secrets }: TrustedProxy): Middleware => ({
  before: async ({ context: { exchange } }) => {
    const { request, deadlineMs } = exchange;
    if (request.path === '/health') return;
    const value = request.headers[headerName];
    if (value === undefined || !(await secrets.accept(value, deadlineMs))) {
      throw refused('Send requests to the public address of the API.');
    }
    const clientIp = viewerAddress(request.headers['cloudfront-viewer-address']);
    if (clientIp === undefined) {
      throw refused('The proxy in front must send the header CloudFront-Viewer-Address.');
    }
    exchange.request = { ...request, headers: without(request.headers, headerName), clientIp };
  },
});

const refused = (detail: string): GatewayError => new GatewayError('PROXY_REQUIRED', { detail });

/** Without a prototype, like the original. */
const without = (
  headers: GatewayRequest['headers'],
  headerName: string,
): GatewayRequest['headers'] => {
  const others = Object.assign(Object.create(null) as Record<string, string>, headers);
  delete others[headerName];
  return others;
};
