import type { GatewayResponse } from '../../http/response.ts';

/** The first request of each idempotency key, and its response. A key is unique to its caller and route. */
export interface IdempotencyStore {
  /**
   * Resolves to undefined if this request is the first with the key, which then belongs to it until `endsAtMs`;
   * otherwise to what is known of the first. Throws `StoreUnavailable`: the key may belong to this request or not.
   */
  begin(
    key: string,
    request: FirstRequest,
    deadlineMs: number,
  ): Promise<EarlierRequest | undefined>;
  /** Keeps the response for later requests with the key. Throws `StoreUnavailable`. */
  finish(
    key: string,
    requestId: string,
    response: GatewayResponse,
    deadlineMs: number,
  ): Promise<void>;
  /** The request was not carried out: the next one with the key is the first. Throws `StoreUnavailable`. */
  release(key: string, requestId: string, deadlineMs: number): Promise<void>;
}

/** Times are epoch milliseconds. */
export interface FirstRequest {
  readonly requestId: string;
  /** Equal for equal requests alone. */
  readonly fingerprint: string;
  /** By then it has ended in any case, with a response or without. */
  readonly leaseEndsAtMs: number;
  /** When the key is forgotten. */
  readonly endsAtMs: number;
}

export interface EarlierRequest {
  readonly fingerprint: string;
  /** Undefined: it has none yet, its end was not recorded, or its response was too large to be kept. */
  readonly response: GatewayResponse | undefined;
  /** Undefined: it has ended. */
  readonly leaseEndsAtMs: number | undefined;
}
