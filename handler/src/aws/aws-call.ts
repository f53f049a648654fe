export interface CallOptions {
  /** Epoch milliseconds after which the response is of no use: attempts, pauses and sockets end then. */
  readonly deadlineMs: number;
  /** For a write that must not happen twice: one attempt only, so it may not happen at all. */
  readonly once?: true;
}

/** After all attempts, AWS could not be reached, throttled or refused the call, or sent an invalid response. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
