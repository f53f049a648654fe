/** The outcome of one request. */
export type Attempt = TransportResponse | Failure;

export interface TransportResponse {
  readonly kind: 'responded';
  readonly statusCode: number;
  /** Names and values alternate, as received. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface Failure {
  readonly kind: 'failed';
  readonly reason: FailureReason;
  readonly cause: Error | undefined;
}

export type FailureReason =
  /** No connection, or no TLS: nothing of the request was sent. */
  | 'unreachable'
  /** No connection, or no TLS, within the time: nothing of the request was sent. */
  | 'connect-timeout'
  /** The connection ended before a byte of a response. The request may have been carried out. */
  | 'no-response'
  /** Incomplete, or not valid HTTP. */
  | 'bad-response'
  | 'response-too-large'
  /** Connected, but no complete response within the time. */
  | 'timeout';

export const failed = (reason: FailureReason, cause?: Error): Failure => ({
  kind: 'failed',
  reason,
  cause,
});
