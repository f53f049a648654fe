/** The credentials of consumers, such as API keys, by ids that begin with the sign-in method: `api-key/<public id>`. */
export interface CredentialStore {
  /** Strongly consistent. Throws CREDENTIAL_STORE_UNAVAILABLE. */
  find(id: string, deadlineMs: number): Promise<Finding>;
  /** Notes that the credential was used on the day (UTC) that begins then. Throws `StoreUnavailable`. */
  noteUse(id: string, dayMs: number, deadlineMs: number): Promise<void>;
}

/** The credential, or for the log why there is none to use: a fixed text, never the content of an item. */
export type Finding = Credential | { readonly problem: string };

export interface Credential {
  readonly id: string;
  readonly consumer: string;
  /** The consumer's plan in the contract. */
  readonly plan: string | undefined;
  /** What the lists in `security` are compared with. */
  readonly scopes: readonly string[];
  /** What the secret is compared with, in a form that the sign-in method defines. */
  readonly secretHash: string | undefined;
  /** Epoch milliseconds. Undefined: it does not expire. */
  readonly expiresAtMs: number | undefined;
  /** When the last day (UTC) began on which a use was noted, in epoch milliseconds. */
  readonly lastUsedDayMs: number | undefined;
}

/** The credentials as sign-in methods use them: read at most once a minute. */
export interface Credentials {
  /** What a read of the last minute found. Undefined: there was none. */
  recall(id: string): Finding | undefined;
  /** As `recall`, or by a read. Throws CREDENTIAL_STORE_UNAVAILABLE. */
  find(id: string, deadlineMs: number): Promise<Finding>;
  /**
   * Notes that the credential is in use today: about one write a day. It is not to be waited for, never fails, and the
   * note may be lost.
   */
  noteUse(credential: Credential, deadlineMs: number): void;
}
