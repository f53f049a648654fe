import type { MiddlewareObj } from '@middy/core';
import type { GatewayContext } from './exchange.ts';
import type { GatewayResponse } from './http/response.ts';

/** One step of the pipeline. It refuses by throwing, and writes its results to `context.exchange`. */
export type Middleware = MiddlewareObj<unknown, GatewayResponse, Error, GatewayContext>;

/** What a step on the way out receives: the upstream response or the gateway's own. */
export interface Outgoing {
  response: GatewayResponse;
  readonly context: GatewayContext;
}

/** A step that runs for every response, after a success and after an error alike. It belongs outside `problemResponse`. */
export const onEveryResponse = (step: (outgoing: Outgoing) => void): Middleware => {
  const run = (call: Parameters<NonNullable<Middleware['after']>>[0]): void => {
    if (!call.response)
      throw new TypeError('There is no response: check the order of the pipeline');
    step(call as Outgoing);
  };
  return { after: run, onError: run };
};
