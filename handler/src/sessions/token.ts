/** What a verified token says. Only the session item decides whether it still holds. */
export interface TokenClaims {
  readonly sessionId: string;
  readonly userId: string;
  readonly expiresAtMs: number;
}
