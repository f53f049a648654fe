import type { UpstreamCall } from '../exchange.ts';
import { GatewayError, statusOf } from '../http/gateway-error.ts';
import type { Forwarded } from '../parts.ts';
import { describeError } from './logger.ts';

interface Call {
  /** Undefined: it was not made. */
  readonly upstream: UpstreamCall | undefined;
  readonly outcome: Forwarded['outcome'];
}

/** Of the log line of a call that failed, where that is not the failure of the request itself. */
export const failedCall = ({ upstream, outcome }: Call) => {
  const { code, note, cause } = outcome instanceof GatewayError ? outcome : {};
  return {
    upstream: upstream?.name,
    upstream_ms: upstream?.durationMs,
    upstream_attempts: upstream?.attempts,
    status_code: statusOf(outcome),
    error_code: code,
    error: note === undefined ? describeError(cause) : { note, ...describeError(cause) },
  };
};
