import { eventToRequest } from '../http/event-to-request.ts';
import { releaseLargeBody } from '../http/large-body.ts';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type Middleware, onEveryResponse } from '../middleware.ts';

interface Dependencies {
  readonly now: () => number;
  readonly lambdaTrace: () => string | undefined;
}

/** Reserved before Lambda's time limit, to respond and log before Lambda ends the process. */
const reserveMs = 250;

/**
 * The first step of the pipeline, and the last on the way out: converts the event to a request and an exchange. A large
 * request body must not be read after it.
 */
export const openExchange = ({ now, lambdaTrace }: Dependencies): Middleware => {
  let coldStart = true;
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
        responseHeaders: {},
      };
      coldStart = false;
    },
    ...onEveryResponse(({ context: { exchange } }) => {
      if (exchange.request.body !== undefined) releaseLargeBody(exchange.request.body);
    }),
  };
};
