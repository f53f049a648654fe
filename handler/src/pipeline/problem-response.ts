import { GatewayError } from '../http/gateway-error.ts';
import { problemDetails } from '../http/problem-details.ts';
import type { Middleware } from '../middleware.ts';

/**
 * Turns whatever was thrown into problem details. A `GatewayError` says itself what to answer; anything else is a
 * fault of the gateway and answers 500 without a word of it, as its message may hold what nobody should read.
 *
 * In place of `@middy/http-error-handler`, which answers plain text and knows neither RFC 9457 nor a stable code.
 */
export const problemResponse = (): Middleware => ({
  onError: (call) => {
    const { exchange } = call.context;
    const error =
      call.error instanceof GatewayError
        ? call.error
        : new GatewayError('INTERNAL_ERROR', {
            detail: 'Try again; if it stays, report the request_id.',
            cause: call.error,
          });
    exchange.error = error;
    call.response = problemDetails(error, exchange.request);
  },
});
