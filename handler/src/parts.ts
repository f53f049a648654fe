import type { SecretsManager } from './aws/secrets-manager.ts';
import type {
  Contract,
  Match,
  Requirement,
  Route,
  UpstreamKindName,
  UpstreamTarget,
} from './contract.ts';
import type { SettingsReader } from './environment.ts';
import type { Exchange, UpstreamCall } from './exchange.ts';
import type { Caller } from './http/forwarded-headers.ts';
import type { GatewayError } from './http/gateway-error.ts';
import type { ProblemSettings } from './http/problem-details.ts';
import type { GatewayRequest } from './http/request.ts';
import type { GatewayResponse, ResponseLimits } from './http/response.ts';
import type { Middleware } from './middleware.ts';
import type { MatchResult } from './pipeline/match.ts';
import type { Buckets } from './stores/buckets/bucket-store.ts';
import type { Credentials } from './stores/credentials/credential-store.ts';
import type { DynamoDb } from './stores/dynamodb/dynamodb.ts';
import type { IssuerKeyStore } from './stores/issuer-keys/issuer-key-store.ts';
import type { Quotas } from './stores/quotas/quota.ts';
import type { SessionRegister } from './stores/sessions/session-register.ts';
import type { SessionStore } from './stores/sessions/session-store.ts';
import type { Session } from './stores/sessions/session.ts';
import type { Log } from './telemetry/logger.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { Connect } from './transport/connections.ts';

/** What the compiler makes of a contract: the exports of the generated module. It names only what the contract uses. */
export interface CompiledContract {
  readonly contract: Contract;
  readonly features: Features;
  readonly signIn: SignInMethods;
  readonly upstreams: Upstreams;
  readonly stores: StoreKinds;
  /** Undefined: no route has several sign-in methods. */
  readonly admitByAny: AdmitByAny | undefined;
  /** The built-in routes that only some contracts have. */
  readonly builtIn: Readonly<Record<string, BuiltInRoute>>;
  /** Holds the files that lie beside the code, such as the published document. */
  readonly folder: string;
}

/** Responds itself, by a deadline in epoch milliseconds. */
export type BuiltInRoute = (
  deadlineMs: number,
  request: GatewayRequest,
) => Promise<GatewayResponse>;

/** The gateway's resources for its features. */
export interface FeatureTools {
  readonly buckets: Buckets;
  readonly sessionRegister: SessionRegister;
  readonly log: Log;
  /** Finds the route of a method and a path. */
  readonly match: (method: string, segments: readonly string[]) => MatchResult;
  readonly metrics: Metrics;
  readonly problems: ProblemSettings;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A feature of the contract: turns its compiled keys into a step of the pipeline. */
export type Feature = (tools: FeatureTools) => Middleware;

/** The features that a route of the contract uses, by their names in `handler/compiler/parts.ts`. */
export type Features = Readonly<Record<string, Feature>>;

/** The gateway's resources for its sign-in methods. */
export interface SignInTools {
  readonly sessions: SessionStore;
  readonly sessionRegister: SessionRegister;
  readonly issuerKeys: IssuerKeyStore;
  readonly credentials: Credentials;
  readonly secrets: SecretsManager;
  readonly connect: Connect;
  readonly log: Log;
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

/** The gateway's resources for its upstreams. */
export interface UpstreamTools extends Pick<
  SignInTools,
  'connect' | 'issuerKeys' | 'log' | 'now' | 'secrets' | 'sessionRegister'
> {
  /** Sends a request to the upstream of any route, whatever its kind. */
  readonly forward: Forward;
  readonly limits: ResponseLimits;
  /** Finds the route of a method and a path. */
  readonly match: FeatureTools['match'];
  readonly metrics: Metrics;
  /** The gateway's own name in `Via`. */
  readonly viaName: string;
}

export interface ForwardInput<K extends UpstreamKindName = UpstreamKindName> {
  readonly request: GatewayRequest;
  readonly route: Route;
  readonly target: UpstreamTarget<K>;
  readonly params: Match['params'];
  /** Epoch milliseconds of the deadline. Without a response by then: 504. */
  readonly deadlineMs: number;
  /** The caller, on a route that needs a sign-in. */
  readonly caller: Caller | undefined;
  /** Identifies the caller for the breaker, as the limiter does: by user or by address. */
  readonly callerKey: () => string;
}

export interface Forwarded {
  readonly upstream: UpstreamCall;
  /** The upstream response, including error statuses, or the UPSTREAM_… error if there is none. */
  readonly outcome: GatewayResponse | GatewayError;
}

export interface Forwarder<K extends UpstreamKindName = UpstreamKindName> {
  /** Sends a request to its route's upstream. Never throws a `GatewayError`. */
  // A method, so that the forwarder of one kind is one of the forwarders of all kinds.
  forward(input: ForwardInput<K>): Promise<Forwarded>;
}

export type Forward<K extends UpstreamKindName = UpstreamKindName> = Forwarder<K>['forward'];

/** A kind of upstream: reads its settings first, as a sign-in method does. */
export type UpstreamKind<K extends UpstreamKindName = UpstreamKindName> = (
  contract: Contract,
  settings: SettingsReader,
) => (tools: UpstreamTools) => Forwarder<K>;

/** The kinds of upstream that the contract has. */
export type Upstreams = { readonly [K in UpstreamKindName]?: UpstreamKind<K> };

export interface Stores {
  readonly buckets: Buckets;
  readonly sessions: SessionStore;
  readonly sessionRegister: SessionRegister;
  readonly issuerKeys: IssuerKeyStore;
  readonly credentials: Credentials;
  readonly quotas: Quotas;
}

/** The gateway's resources for its stores. */
export interface StoreTools {
  readonly dynamoDb: DynamoDb;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface OpenStore<S> {
  readonly store: S;
  readonly checks: Checks;
}

/** A kind of store: reads its settings first, as a sign-in method does. */
export type StoreKind<S> = (settings: SettingsReader) => (tools: StoreTools) => OpenStore<S>;

/** The stores that the features and sign-in methods of the contract need. */
export type StoreKinds = { readonly [Name in keyof Stores]?: StoreKind<Stores[Name]> };
