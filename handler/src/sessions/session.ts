/** Who a signed-in caller is, as the sessions table has it: the source of truth for roles. */
export interface Session {
  readonly userId: string;
  readonly roles: readonly string[];
}
