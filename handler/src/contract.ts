import type { Violation } from './http/gateway-error.ts';

/** `handler/gateway.yaml`, compiled when the zip is built: everything the gateway knows of its routes. */
export interface Contract {
  readonly routes: readonly Route[];
  readonly upstreams: Readonly<Record<string, UpstreamPolicy>>;
  readonly rateLimits: Readonly<Record<string, RateLimitRule>>;
}

export interface Route {
  /** Method and path template, such as `GET /api/v1/users/{user_id}`: the `route` of logs and metrics. */
  readonly id: string;
  readonly method: string;
  /** Segments of literals, `{name}` for one segment, `{name+}` for the remainder. */
  readonly path: string;
  readonly access: Access;
  readonly target: Target;
  /** A request is admitted only if all of them admit it. */
  readonly rateLimits: readonly RateLimitRule[];
  /** Larger bodies are refused with 413. */
  readonly maxBodyBytes: number;
  /** Whether a path is accepted that a service may read as that of another route, such as `/Admin` beside `/admin`. */
  readonly allowsFoldedPath?: true;
  /** Checks parameters, headers and body; an empty list means they fit. Absent: nothing to check. */
  readonly validate: Validate | undefined;
}

export type Access =
  | { readonly kind: 'public' }
  /** A caller needs all the roles of one alternative; one without roles is any valid session. */
  | { readonly kind: 'session'; readonly alternatives: ReadonlyArray<readonly string[]> };

export type Target =
  | {
      readonly kind: 'upstream';
      readonly upstream: string;
      /** Path template at the upstream; absent: the request's own path. */
      readonly rewrite: string | undefined;
      readonly timeoutMs: number;
    }
  | { readonly kind: 'built-in'; readonly name: 'health' | 'ready' | 'openapi' };

export interface UpstreamPolicy {
  readonly name: string;
  /** The environment variable that holds its URL, such as `UPSTREAM_USERS_SERVICE_URL`. */
  readonly urlVariable: string;
  /** Hosts its URL may name; empty: any. */
  readonly allowedHosts: readonly string[];
  /** Further attempts after the first, only where the method or an `Idempotency-Key` allows them. */
  readonly retries: number;
  readonly breaker: BreakerPolicy;
  /** Of the headers that it is sent, each line with its end; more are refused with 431. */
  readonly maxHeaderBytes: number;
  /** Whether it signs users in and out: it alone may set the session cookies. */
  readonly startsSessions: boolean;
}

export interface BreakerPolicy {
  /** Failed requests in a row that open it. */
  readonly failures: number;
  /** How long it stays open before one request may probe. */
  readonly openSeconds: number;
}

export interface RateLimitRule {
  readonly name: string;
  /** Requests that have all of these in common share a bucket. */
  readonly per: readonly ('ip' | 'caller' | 'route')[];
  /** Requests a window. */
  readonly limit: number;
  readonly windowSeconds: number;
  /** The bucket's size: how many may come at once after a rest. */
  readonly burst: number;
  readonly onStoreFailure: 'allow' | 'deny';
  /** `shadow` counts and reports, and refuses nobody. */
  readonly mode: 'enforce' | 'shadow';
}

/** What a validator is given. Parameters are the raw strings; `body` is not yet parsed. */
export interface Subject {
  readonly params: Readonly<Record<string, string>>;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer | undefined;
}

/** Throws `GatewayError` UNSUPPORTED_MEDIA_TYPE where the body is of a type the route does not list. */
export type Validate = (subject: Subject) => readonly Violation[];

export interface Match {
  readonly route: Route;
  /** Decoded path parameters by name. `{rest+}` holds slashes. */
  readonly params: Readonly<Record<string, string>>;
}
