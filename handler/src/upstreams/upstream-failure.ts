import { GatewayError } from '../http/gateway-error.ts';

/** Codes of Node and the system that mean: no connection was made, so nothing of the request was sent. */
const unreachable =
  /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|EADDRNOTAVAIL|ENOTFOUND|EAI_\w+|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_TLS_\w+|ERR_SSL_\w+|EPROTO)$/;

export const wasUnreachable = (error: unknown): boolean => unreachable.test(codeOf(error));

/** The attempt's own time was up. */
export class AttemptTimeout extends Error {
  override readonly name = 'AttemptTimeout';
  readonly code = 'TIMEOUT';
}

/** The connection was closed before any answer, and nobody said why. */
export class ClosedUnanswered extends Error {
  override readonly name = 'ClosedUnanswered';
  readonly code = 'CLOSED';
}

/** A failure of the connection, in the gateway's own words. */
export const upstreamFailure = (cause: unknown): GatewayError => {
  if (cause instanceof GatewayError) return cause;
  if (cause instanceof AttemptTimeout) {
    return new GatewayError('UPSTREAM_TIMEOUT', { detail: 'Try again in a moment.', cause });
  }
  return wasUnreachable(cause)
    ? new GatewayError('UPSTREAM_UNREACHABLE', { detail: 'Try again in a moment.', cause })
    : new GatewayError('UPSTREAM_BAD_ANSWER', {
        detail: 'The connection to the service broke, or it answered what is no sound HTTP.',
        cause,
      });
};

const codeOf = (error: unknown): string => {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
};
