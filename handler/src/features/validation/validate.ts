import { matchOf } from '../../exchange.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { Middleware } from '../../middleware.ts';

/**
 * Checks the request by the route's schemas before anything is forwarded: 413, 415, or 400 with the position of each
 * violation.
 */
export const validate = (): Middleware => ({
  before: ({ context: { exchange } }) => {
    const { request } = exchange;
    const { route, params } = matchOf(exchange);
    const bytes = request.body?.length ?? 0;
    if (bytes > route.maxBodyBytes) {
      throw new GatewayError('BODY_TOO_LARGE', {
        detail: `Send at most ${route.maxBodyBytes} bytes; the body has ${bytes}.`,
      });
    }
    const violations = route.validate?.({ ...request, params }) ?? [];
    if (violations.length === 0) return;
    throw new GatewayError('VALIDATION_FAILED', {
      detail: 'Correct what `errors` lists.',
      violations,
    });
  },
});
