import { GatewayError } from '../../http/gateway-error.ts';

/** A signed-in caller, as stored in the sessions table, the source of truth for roles. */
export interface Session {
  readonly userId: string;
  readonly roles: readonly string[];
  /** For the log: what is wrong with the item's roles. Such an item has no roles. */
  readonly rolesProblem?: string | undefined;
  /** What the lists in `security` are compared with, if not the roles: those of an access token. */
  readonly scopes?: readonly string[] | undefined;
  /** Of a verified access token, for plugins. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The consumer whose credential was sent; the user id is its name. Undefined: the caller is no consumer. */
  readonly consumer?: string | undefined;
  /** The consumer's plan in the contract. */
  readonly plan?: string | undefined;
  /** Further headers that describe the caller to the upstream, in lower case; clients cannot send them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface StoredSession extends Session {
  /** By the item's `ttl`, in epoch milliseconds. */
  readonly endsAtMs: number;
}

/** The claims of a verified token. Only the session item decides whether the session is still valid. */
export interface TokenClaims {
  readonly sessionId: string;
  readonly userId: string;
  readonly expiresAtMs: number;
}

/** Ten years. A time later than this was written in milliseconds, and its session would never end. */
export const farthestEndMs = 10 * 365.25 * 24 * 3_600_000;

/** For the log. */
export const tooFarAhead = (name: 'exp' | 'ttl'): string =>
  `${name} is more than 10 years ahead: write seconds, not milliseconds`;

/** RFC 6750 §3.1. */
export const challenge = { 'www-authenticate': 'Bearer realm="postern", error="invalid_token"' };

/** The note is for the log: the client learns only that the session has ended. */
export const sessionEnded = (note: string): GatewayError =>
  new GatewayError('CREDENTIALS_EXPIRED', { detail: 'Sign in again.', headers: challenge, note });
