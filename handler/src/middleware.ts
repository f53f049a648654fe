import type { MiddlewareObj } from '@middy/core';
import type { Requirement } from './contract.ts';
import type { Exchange, GatewayContext } from './exchange.ts';
import type { Session } from './stores/sessions/session.ts';
import type { SecretsManager } from './aws/secrets-manager.ts';
import type { SettingsReader } from './environment.ts';
import type { GatewayResponse } from './http/response.ts';
import type { Buckets } from './stores/buckets/bucket-store.ts';
import type { DynamoDb } from './stores/dynamodb/dynamodb.ts';
import type { Log } from './telemetry/logger.ts';
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

/** The gateway's resources for its sign-in methods. */
export interface SignInTools {
  readonly dynamoDb: DynamoDb;
  readonly secrets: SecretsManager;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Deadline in epoch milliseconds for what is loaded when the execution environment starts. */
  readonly startEndsMs: number;
}

export interface SignIn {
  /**
   * Sets `claims` and `session` of the exchange to the user whom the request's credentials name, or rejects the
   * credentials. Throws `GatewayError` CREDENTIALS_MISSING only if the request has none of this method.
   */
  readonly authenticate: (exchange: Exchange) => Promise<void>;
  readonly checks: Checks;
}

/** The checks of `/health/ready` by name, each with a deadline in epoch milliseconds. */
export type Checks = Readonly<Record<string, (deadlineMs: number) => Promise<unknown>>>;

/** Reads its settings first. Called again with its tools if no setting of the gateway is missing or wrong. */
export type SignInMethod = (settings: SettingsReader) => (tools: SignInTools) => SignIn;

/** The sign-in methods that a route of the contract needs, by name. */
export type SignInMethods = Readonly<Record<string, SignInMethod>>;

/**
 * For a route with several sign-in methods: finds the caller by the first alternative that the request satisfies, or
 * throws why it satisfies none.
 */
export type AdmitByAny = (
  alternatives: readonly Requirement[],
  exchange: Exchange,
  authenticate: (method: string) => Promise<void>,
) => Promise<Session>;

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
