import type { Contract } from '../../contract.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import { withoutHeaders } from '../../http/without-headers.ts';
import type { ProxySecrets } from './proxy-secrets.ts';
import { viewerAddress } from './viewer-address.ts';
import type { Middleware } from '../../middleware.ts';

interface TrustedProxy {
  /** In lower case. */
  readonly headerName: string;
  readonly secrets: Pick<ProxySecrets, 'accept'>;
  readonly routes: Contract['routes'];
}

/**
 * Refuses requests that do not come through the proxy in front, which sends a secret header, and takes the client's
 * address from the proxy: `sourceIp` is an address of the proxy. The secret header is removed. `/health` stays open to
 * deployments and monitors, which call the API itself; it calls nothing and says that the function runs.
 */
export const requireProxy = ({ headerName, secrets, routes }: TrustedProxy): Middleware => {
  const health = routes.find(
    ({ target }) => target.kind === 'built-in' && target.name === 'health',
  )?.path;
  return {
    before: async ({ context: { exchange } }) => {
      const { request, deadlineMs } = exchange;
      if (request.path === health) return;
      const value = request.headers[headerName];
      if (value === undefined || !(await secrets.accept(value, deadlineMs))) {
        throw refused('Send requests to the public address of the API.');
      }
      const clientIp = viewerAddress(request.headers['cloudfront-viewer-address']);
      if (clientIp === undefined) {
        throw refused('The proxy in front must send the header CloudFront-Viewer-Address.');
      }
      const headers = withoutHeaders(request.headers, (name) => name === headerName);
      exchange.request = { ...request, headers, clientIp };
    },
  };
};

const refused = (detail: string): GatewayError => new GatewayError('PROXY_REQUIRED', { detail });
