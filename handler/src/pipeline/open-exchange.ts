import type { GatewayContext } from '../exchange.ts';
import { eventToRequest } from '../http/event-to-request.ts';
import { releaseLargeBody } from '../http/large-body.ts';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Middleware } from '../middleware.ts';

interface Dependencies {
  readonly now: () => number;
  readonly lambdaTrace: () => string | undefined;
}

/** Time kept back from the Lambda's own limit, to answer and log before the platform ends the process. */
const reserveMs = 250;

/**
 * The pipeline's first step, and so its last on the way out: the event becomes a request, and the request an exchange.
 * Nobody may read a large body after it.
 */
export const openExchange = ({ now, lambdaTrace }: Dependencies): Middleware => {
  let coldStart = true;
  const close = ({ context }: { readonly context: GatewayContext }): void => {
    const { body } = context.exchange.request;
    if (body !== undefined) releaseLargeBody(body);
  };
  return {
    before: ({ event, context }) => {
      const nowMs = now();
      context.exchange = {
        request: eventToRequest(event as APIGatewayProxyEventV2, {
          nowMs,
          lambdaTrace: lambdaTrace(),
        }),
        deadlineMs: nowMs + context.getRemainingTimeInMillis() - reserveMs,
        coldStart,
        upstream: {},
      };
      coldStart = false;
    },
    after: close,
    onError: close,
  };
};
