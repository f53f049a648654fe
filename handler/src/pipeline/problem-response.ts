import { gatewayErrorOf } from '../http/gateway-error-of.ts';
import { type ProblemSettings, problemDetails } from '../http/problem-details.ts';
import type { Middleware } from '../middleware.ts';

/** Turns whatever a step inside it throws into problem details: everything outside sees a response. */
export const problemResponse = (settings: ProblemSettings): Middleware => ({
  onError: (call) => {
    const { exchange } = call.context;
    exchange.error = gatewayErrorOf(call.error);
    call.response = problemDetails(exchange.error, exchange.request, settings);
  },
});
