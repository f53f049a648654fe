import type { Algorithm } from '../../openid/key-set.ts';

/** What the contract says about sign-in for browsers. Texts may refer to values as `${name}`. */
export interface BrowserPolicy {
  /** Of the routes, such as `/auth`. */
  readonly path: string;
  readonly issuer: string;
  readonly clientId: string;
  /** The ARN of the secret in Secrets Manager. Undefined: a public client. */
  readonly clientSecret?: string | undefined;
  readonly clientAuthentication: 'basic' | 'post';
  /** The gateway as browsers know it. Undefined: at the host of the request. */
  readonly baseUrl?: string | undefined;
  readonly scopes: readonly string[];
  /** Of ID tokens and logout tokens. */
  readonly algorithms: readonly Algorithm[];
  /** Where browsers may go afterwards; the first is the default. */
  readonly returnTo: readonly string[];
  /** The names of claims. */
  readonly userId: string;
  readonly roles?: string | undefined;
  readonly absoluteMs: number;
  /** Undefined: a session ends at its absolute end alone. */
  readonly idleMs?: number | undefined;
  readonly signOut: 'gateway' | 'provider';
  readonly backChannelLogout: 'allow' | 'deny';
}
