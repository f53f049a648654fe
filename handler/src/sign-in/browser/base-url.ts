import type { GatewayRequest } from '../../http/request.ts';

/**
 * The gateway as the browser knows it, without a slash at its end. API Gateway names the host only of a domain that is
 * set up for it, whatever `Host` says; a name of this machine is one of tests and of the development server.
 */
export const baseUrlOf = (
  { host, basePath }: Pick<GatewayRequest, 'host' | 'basePath'>,
  configured: string | undefined,
): string => configured ?? `${isLocal.test(host) ? 'http' : 'https'}://${host}${basePath}`;

const isLocal = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;
