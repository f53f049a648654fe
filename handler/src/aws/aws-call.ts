export interface CallOptions {
  /** Epoch milliseconds. No attempt, pause or socket lasts longer. */
  readonly deadlineMs: number;
  /** For a write that must not happen twice: one attempt, no retry. It may not happen at all. */
  readonly once?: true;
}

/** After all attempts, AWS could not be reached, throttled or refused the call, or sent an invalid response. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
