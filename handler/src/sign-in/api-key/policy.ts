/** Where a request has a key, by its security scheme. */
export interface KeyPlace {
  readonly in: 'header' | 'query' | 'cookie';
  readonly name: string;
}

/** A security scheme for API keys, compiled. */
export interface ApiKeyPolicy extends KeyPlace {
  /** What keys of this scheme begin with, before the first underscore. */
  readonly prefix: string;
  /** The places of other schemes, which must have no key at the same time. */
  readonly others: readonly KeyPlace[];
}
