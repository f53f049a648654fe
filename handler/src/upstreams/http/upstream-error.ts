import { type ErrorCode, GatewayError } from '../../http/gateway-error.ts';
import type { Failure, FailureReason } from '../../transport/attempt.ts';

/** What the client gets for each. */
const errors = {
  unreachable: { code: 'UPSTREAM_UNREACHABLE', detail: 'Try again in a moment.' },
  'connect-timeout': { code: 'UPSTREAM_TIMEOUT', detail: 'Try again in a moment.' },
  'no-response': {
    code: 'UPSTREAM_BAD_RESPONSE',
    detail: 'The connection to the service broke before it answered.',
  },
  'bad-response': {
    code: 'UPSTREAM_BAD_RESPONSE',
    detail: 'The answer of the service broke off, or is no sound HTTP.',
  },
  'response-too-large': {
    code: 'UPSTREAM_RESPONSE_TOO_LARGE',
    detail:
      'Ask for less at a time: a function’s answer may have 6 MB, base64 adds a third, and its headers 9 KB.',
  },
  timeout: { code: 'UPSTREAM_TIMEOUT', detail: 'Try again in a moment.' },
} as const satisfies Record<FailureReason, { code: ErrorCode; detail: string }>;

export const errorOf = ({ reason, cause }: Failure): GatewayError =>
  new GatewayError(errors[reason].code, { detail: errors[reason].detail, cause });
