/**
 * The keys of token issuers, shared by all execution environments: one of them asks the provider, the others read what
 * it found. `source` names the issuer and where its keys are published.
 */
export interface IssuerKeyStore {
  /** Undefined if no keys were stored. Throws `StoreUnavailable`. */
  find(source: string, deadlineMs: number): Promise<StoredKeys | undefined>;
  /**
   * Whether this execution environment is the one to ask the provider: no other has claimed that for the same reason
   * since `afterMs`. Throws `StoreUnavailable`.
   */
  claim(source: string, claim: Claim, deadlineMs: number): Promise<boolean>;
  /** Resolves to the keys as they are kept. Throws `StoreUnavailable`. */
  keep(source: string, keys: PublishedKeys, deadlineMs: number): Promise<PublishedKeys>;
}

/** Epoch milliseconds. */
export interface Claim {
  readonly reason: ClaimReason;
  readonly atMs: number;
  readonly afterMs: number;
}

/** `refresh`: the keys are old. `search`: a token names a key that is not among them. */
export type ClaimReason = 'refresh' | 'search';

export interface PublishedKeys {
  /** A JWK set (RFC 7517 §5). */
  readonly json: string;
  /** When the provider was asked for them, in epoch milliseconds. */
  readonly readAtMs: number;
}

export interface StoredKeys {
  /** Undefined: the provider was asked, but has not responded yet. */
  readonly keys: PublishedKeys | undefined;
  /** When the provider was last asked for this reason, in epoch milliseconds. */
  readonly claimedAtMs: Readonly<Partial<Record<ClaimReason, number>>>;
}
