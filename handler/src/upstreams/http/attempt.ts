import { type ErrorCode, GatewayError } from '../../http/gateway-error.ts';

/** What became of one request to an upstream. */
export type Attempt = Answer | Failure;

export interface Answer {
  readonly kind: 'answered';
  readonly statusCode: number;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface Failure {
  readonly kind: 'failed';
  readonly fault: Fault;
  readonly cause: Error | undefined;
}

export type Fault = keyof typeof faults;

/** What can go wrong. The details reach the client. */
const faults = {
  /** No connection, or no TLS: nothing of the request was sent. */
  unreachable: { code: 'UPSTREAM_UNREACHABLE', detail: 'Try again in a moment.' },
  /** No connection, or no TLS, within the time: nothing of the request was sent. */
  'connect-timeout': { code: 'UPSTREAM_TIMEOUT', detail: 'Try again in a moment.' },
  /** The connection ended before a byte of an answer. The request may have been carried out. */
  'no-answer': {
    code: 'UPSTREAM_BAD_RESPONSE',
    detail: 'The connection to the service broke before it answered.',
  },
  'bad-answer': {
    code: 'UPSTREAM_BAD_RESPONSE',
    detail: 'The answer of the service broke off, or is no sound HTTP.',
  },
  'answer-too-large': {
    code: 'UPSTREAM_RESPONSE_TOO_LARGE',
    detail:
      'Ask for less at a time: a function’s answer may have 6 MB, base64 adds a third, and its headers 9 KB.',
  },
  /** Connected, and no whole answer within the time. */
  timeout: { code: 'UPSTREAM_TIMEOUT', detail: 'Try again in a moment.' },
} as const satisfies Record<string, { code: ErrorCode; detail: string }>;

export const failed = (fault: Fault, cause?: Error): Failure => ({ kind: 'failed', fault, cause });

export const errorOf = ({ fault, cause }: Failure): GatewayError =>
  new GatewayError(faults[fault].code, { detail: faults[fault].detail, cause });
