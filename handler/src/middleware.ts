import type { MiddlewareObj } from '@middy/core';
import type { GatewayContext } from './exchange.ts';
import type { GatewayResponse } from './http/response.ts';
import type { Buckets } from './stores/buckets/bucket-store.ts';
import type { Metrics } from './telemetry/metrics.ts';

/** One step of the pipeline. It refuses by throwing, and writes its results to `context.exchange`. */
export type Middleware = MiddlewareObj<unknown, GatewayResponse, Error, GatewayContext>;

/** The gateway's resources for its features. */
export interface FeatureTools {
  readonly buckets: Buckets;
  readonly metrics: Metrics;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A feature of the contract: turns its compiled keys into a step of the pipeline. */
export type Feature = (tools: FeatureTools) => Middleware;

/** The features that a route of the contract uses, by their names in `handler/compiler/parts.ts`. */
export type Features = Readonly<Record<string, Feature>>;

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
