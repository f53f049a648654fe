import { gatewayErrorOf } from '../http/gateway-error-of.ts';
import { type ProblemSettings, problemDetails } from '../http/problem-details.ts';
import type { Middleware } from '../middleware.ts';

/** Converts every error of the steps inside it to problem details. The steps outside it always see a response. */
export const problemResponse = (settings: ProblemSettings): Middleware => ({
  onError: (call) => {
    const { exchange } = call.context;
    exchange.error = gatewayErrorOf(call.error);
    call.response = problemDetails(exchange.error, exchange.request, settings);
  },
});
