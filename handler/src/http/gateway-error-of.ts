import { GatewayError } from './gateway-error.ts';

/** The response for an error. Any but a `GatewayError` is a 500 without details: its message may contain secrets. */
export const gatewayErrorOf = (error: unknown): GatewayError =>
  error instanceof GatewayError ? error : unforeseen(error);

export const unforeseen = (cause?: unknown): GatewayError =>
  new GatewayError('INTERNAL_ERROR', {
    detail: 'Try again. If the error persists, report the request_id.',
    cause,
  });
