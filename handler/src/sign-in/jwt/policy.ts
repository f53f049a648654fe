import type { Algorithm } from '../../openid/key-set.ts';

/** What the contract says about the access tokens of one security scheme. Texts may refer to values as `${name}`. */
export interface TokenPolicy {
  /** The name of the security scheme, for the log. */
  readonly scheme: string;
  readonly issuer: string;
  /** Where the provider describes itself (OpenID Connect Discovery). Undefined: below the issuer. */
  readonly discoveryUrl?: string | undefined;
  /** Where the provider publishes its keys. Undefined: as the provider describes. */
  readonly jwksUri?: string | undefined;
  /** `aud` must have one of these. Empty: it is not checked. */
  readonly audiences: readonly string[];
  /** `client_id` must be one of these. Empty: it is not checked. */
  readonly clients: readonly string[];
  readonly algorithms: readonly Algorithm[];
  /** `at+jwt`: the header must say so (RFC 9068 §4). Undefined: it may also say `JWT`, or nothing. */
  readonly type?: 'at+jwt' | undefined;
  /** What `token_use` must be, if the token has it. */
  readonly tokenUse: string;
  readonly toleranceSeconds: number;
  /** The names of claims. */
  readonly userId: string;
  readonly roles?: string | undefined;
  readonly plan?: string | undefined;
  /** The first that a token has counts. */
  readonly scopes: readonly string[];
  /** What the lists in `security` are: scopes for the types `oauth2` and `openIdConnect`, otherwise roles. */
  readonly lists: 'scopes' | 'roles';
  /** Claims by the name of the header that the upstream gets, in lower case. */
  readonly claims: Readonly<Record<string, string>>;
}
