/** Who a signed-in caller is, as the sessions table has it: the source of truth for roles. */
export interface Session {
  readonly userId: string;
  readonly roles: readonly string[];
  /** For the log: what is wrong with the item's roles, which count as none. */
  readonly rolesProblem?: string | undefined;
}

export interface StoredSession extends Session {
  /** By the item's `ttl`, in epoch milliseconds. */
  readonly endsAtMs: number;
}
