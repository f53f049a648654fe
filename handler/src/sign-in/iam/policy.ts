/** Which callers of API Gateway's IAM authorization a security scheme admits, and with which scopes. */
export interface IamPolicy {
  /** Account ids, or `${name}` of a value with some. Empty: every account. */
  readonly accounts: readonly string[];
  /** By principal, such as `role/orders`: the name in IAM without its path. */
  readonly scopes: Readonly<Record<string, readonly string[]>>;
}
