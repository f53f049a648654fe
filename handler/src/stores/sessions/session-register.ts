/**
 * The sessions that the gateway itself begins, in the table of all sessions. Each can be found by what it is listed
 * under: its user, or what the provider calls the user's session there.
 */
export interface SessionRegister {
  /** Resolves when the session exists. Throws SESSION_STORE_UNAVAILABLE. */
  begin(session: NewSession, deadlineMs: number): Promise<void>;
  /** Ends a session at once. Undefined if it had ended before. Throws SESSION_STORE_UNAVAILABLE. */
  end(sessionId: string, deadlineMs: number): Promise<EndedSession | undefined>;
  /**
   * Ends the sessions that are listed so and, if it is given, were issued until then; how many there were. One that is
   * about to begin does not. Throws SESSION_STORE_UNAVAILABLE.
   */
  endListed(under: Listing, deadlineMs: number, issuedUntilMs?: number): Promise<number>;
  /** Whether the session now lasts until then: not if it ended, or if another began it. Throws SESSION_STORE_UNAVAILABLE. */
  extend(sessionId: string, endsAtMs: number, deadlineMs: number): Promise<boolean>;
}

/** What sessions have in common, such as `['user', 'alice']`. */
export type Listing = readonly [kind: string, ...names: string[]];

export type EndedSession = Pick<NewSession, 'idToken'>;

export interface NewSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly roles: readonly string[];
  /** Epoch milliseconds, unless it is extended … */
  readonly endsAtMs: number;
  /** … which it is not beyond this. */
  readonly lastsAtMostMs: number;
  /** When the provider issued its ID token, in epoch milliseconds of the provider's clock. */
  readonly issuedAtMs: number;
  readonly listedUnder: readonly Listing[];
  /** What the provider issued, for signing out there. */
  readonly idToken?: string | undefined;
}

/** Of one listing: if there are more, the sessions that end first end now. Keeps the item far below DynamoDB's 400 KB. */
export const mostListed = 100;
