import { GatewayError } from '../../http/gateway-error.ts';

/** The response where the store of a limit cannot be reached, and the limit then admits no request. */
export const limitUnavailable = (cause: unknown): GatewayError =>
  new GatewayError('RATE_LIMIT_STORE_UNAVAILABLE', {
    detail: 'Try again later.',
    headers: { 'retry-after': '1' },
    cause,
  });
