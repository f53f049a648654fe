export interface CallOptions {
  /** Epoch milliseconds after which the answer is worth nothing: attempts, waits and sockets end there. */
  readonly deadlineMs: number;
  /** For a write that must not happen twice: one attempt only, and so perhaps none that counts. */
  readonly once?: true;
}

/** AWS could not be reached, throttled the call, refused it or answered nonsense, after all attempts. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
