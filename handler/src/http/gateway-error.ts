import type { GatewayResponse } from './response.ts';

/** One violation of the request's schema, as `errors` of the problem details lists it. */
export type Violation = BodyViolation | ParameterViolation;

export interface BodyViolation {
  /** A JSON Pointer into the body (RFC 6901); empty for the body as a whole. */
  readonly pointer: string;
  readonly detail: string;
}

export interface ParameterViolation {
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly name: string;
  readonly detail: string;
}

interface GatewayErrorOptions {
  /** What the caller can do about it. It reaches the client: no secret, no internal name. */
  readonly detail: string;
  readonly cause?: unknown;
  /** For the log only: what an operator can fix. A fixed text without user data. */
  readonly note?: string | undefined;
  /** Response headers that belong to the error, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly violations?: readonly Violation[];
  /** Names of the limits that the request exceeds. */
  readonly violatedPolicies?: readonly string[];
  /** Only for PLUGIN_ERROR: the plugin's own status and its standard phrase. */
  readonly status?: number;
  readonly title?: string;
}

/**
 * Every refusal and failure whose response comes from the gateway itself. Always thrown, never returned; the pipeline
 * converts it to problem details (RFC 9457). `code` is part of the interface: clients depend on it.
 */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly note: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly violations: readonly Violation[];
  readonly violatedPolicies: readonly string[];

  constructor(code: ErrorCode, options: GatewayErrorOptions) {
    const { detail, cause, note, headers, violations, violatedPolicies } = options;
    super(`${code}: ${detail}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = options.status ?? errorCodes[code].status;
    this.title = options.title ?? errorCodes[code].title;
    this.detail = detail;
    this.note = note;
    this.headers = headers ?? {};
    this.violations = violations ?? [];
    this.violatedPolicies = violatedPolicies ?? [];
  }
}

/** The status that a client gets. */
export const statusOf = (outcome: GatewayResponse | GatewayError): number =>
  outcome instanceof GatewayError ? outcome.status : outcome.statusCode;

/** The stable codes, each with its status and title. `docs/errors.md` has the same table. */
export const errorCodes = {
  BAD_PATH: { status: 400, title: 'The path is not allowed' },
  BAD_REQUEST: { status: 400, title: 'The request is malformed' },
  LOGOUT_TOKEN_INVALID: { status: 400, title: 'The logout token is not valid' },
  SIGN_IN_EXPIRED: { status: 400, title: 'The sign-in has expired' },
  VALIDATION_FAILED: { status: 400, title: 'The request does not match its schema' },
  CREDENTIALS_MISSING: { status: 401, title: 'Authentication is required' },
  CREDENTIALS_INVALID: { status: 401, title: 'The credentials are not valid' },
  CREDENTIALS_EXPIRED: { status: 401, title: 'The credentials have expired' },
  ACCESS_DENIED: { status: 403, title: 'Access is denied' },
  IP_DENIED: { status: 403, title: 'The address is not allowed' },
  PLAN_UNKNOWN: { status: 403, title: 'The plan does not exist' },
  PROXY_REQUIRED: { status: 403, title: 'The request must come through the proxy' },
  CROSS_SITE_REQUEST: { status: 403, title: 'The request comes from another site' },
  ROUTE_NOT_FOUND: { status: 404, title: 'The route does not exist' },
  OBJECT_NOT_FOUND: { status: 404, title: 'The object does not exist' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The method is not allowed' },
  IDEMPOTENCY_IN_PROGRESS: { status: 409, title: 'The first request is in progress' },
  IDEMPOTENCY_OUTCOME_UNKNOWN: {
    status: 409,
    title: 'The outcome of the first request is unknown',
  },
  PRECONDITION_FAILED: { status: 412, title: 'A condition of the request does not hold' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The content type is not supported' },
  RANGE_NOT_SATISFIABLE: { status: 416, title: 'The object has no such range' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'The key belongs to another request' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  QUOTA_EXCEEDED: { status: 429, title: 'The quota is used up' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },
  PLUGIN_ERROR: { status: 500, title: 'Internal Server Error' },
  PLUGIN_FAILED: { status: 500, title: 'A plugin failed' },
  INTERNAL_ERROR: { status: 500, title: 'The gateway has an internal error' },
  IDENTITY_PROVIDER_BAD_RESPONSE: {
    status: 502,
    title: 'The response of the identity provider is not valid',
  },
  UPSTREAM_BAD_RESPONSE: {
    status: 502,
    title: 'The upstream response is not valid',
  },
  UPSTREAM_UNREACHABLE: { status: 502, title: 'The upstream cannot be reached' },
  UPSTREAM_RESPONSE_TOO_LARGE: { status: 502, title: 'The upstream response is too large' },
  DEADLINE_EXCEEDED: { status: 503, title: 'The gateway ran out of time' },
  GATEWAY_MISCONFIGURED: { status: 503, title: 'The gateway is misconfigured' },
  IDENTITY_PROVIDER_UNAVAILABLE: {
    status: 503,
    title: 'The identity provider cannot be reached',
  },
  NOT_READY: { status: 503, title: 'The gateway is not ready' },
  SESSION_STORE_UNAVAILABLE: { status: 503, title: 'Sessions cannot be checked' },
  CREDENTIAL_STORE_UNAVAILABLE: { status: 503, title: 'Credentials cannot be checked' },
  IDEMPOTENCY_STORE_UNAVAILABLE: { status: 503, title: 'Idempotency keys cannot be checked' },
  RATE_LIMIT_STORE_UNAVAILABLE: { status: 503, title: 'Limits cannot be checked' },
  SIGNING_KEY_UNAVAILABLE: { status: 503, title: 'Tokens cannot be verified' },
  WEBHOOK_SECRET_UNAVAILABLE: { status: 503, title: 'Webhooks cannot be verified' },
  PROXY_SECRET_UNAVAILABLE: { status: 503, title: 'The proxy cannot be verified' },
  UPSTREAM_CREDENTIALS_UNAVAILABLE: {
    status: 503,
    title: 'The credentials for the upstream are not available',
  },
  UPSTREAM_UNAVAILABLE: { status: 503, title: 'The upstream is overloaded or fails' },
  UPSTREAM_BREAKER_OPEN: { status: 503, title: 'The upstream failed repeatedly' },
  UPSTREAM_TIMEOUT: { status: 504, title: 'The upstream did not respond in time' },
  NOT_CACHED: { status: 504, title: 'The response is not cached' },
  LOOP_DETECTED: { status: 508, title: 'The request is in a loop' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorCodes;
