import { type ErrorCode, GatewayError } from '../http/gateway-error.ts';
import type { Failure, FailureReason } from './attempt.ts';

/** The client's response for each. */
const errors = {
  unreachable: { code: 'UPSTREAM_UNREACHABLE', detail: 'Try again later.' },
  'connect-timeout': { code: 'UPSTREAM_TIMEOUT', detail: 'Try again later.' },
  'no-response': {
    code: 'UPSTREAM_BAD_RESPONSE',
    detail: 'The connection to the upstream was closed before it sent a response.',
  },
  'bad-response': {
    code: 'UPSTREAM_BAD_RESPONSE',
    detail: 'The upstream response was incomplete or is not valid HTTP.',
  },
  'response-too-large': {
    code: 'UPSTREAM_RESPONSE_TOO_LARGE',
    detail:
      'Request less data at a time. A response can have up to 6 MB (4.5 MB if it is not text) and 9 KB of headers.',
  },
  timeout: { code: 'UPSTREAM_TIMEOUT', detail: 'Try again later.' },
} as const satisfies Record<FailureReason, { code: ErrorCode; detail: string }>;

export const errorOf = ({ reason, cause }: Failure): GatewayError =>
  new GatewayError(errors[reason].code, { detail: errors[reason].detail, cause });
