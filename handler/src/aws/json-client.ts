import type { FailureReason, TransportResponse } from '../transport/attempt.ts';
import { createConnections } from '../transport/connections.ts';
import { repeat } from '../transport/repeat.ts';
import { createRetryBudget, type RetryBudget } from '../transport/retry-budget.ts';
import type { CallOptions } from './aws-call.ts';
import { AwsError, headerOf, isTransient, mayBeClockSkew, readResponse } from './aws-error.ts';
import { type AwsCredentials, createSigner, type Headers } from './signature-v4.ts';

export interface AwsSettings {
  readonly region: string;
  /** Replaces AWS's own endpoint, for example with a local emulator's. */
  readonly endpoint: URL | undefined;
  readonly credentials: () => AwsCredentials;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface JsonService {
  /** As AWS names it in signatures and host names, such as `dynamodb`. */
  readonly name: string;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  /** The prefix of the operation in `X-Amz-Target`, such as `DynamoDB_20120810`. */
  readonly targetPrefix: string;
  /**
   * A response takes much less time. After this, the connection is considered dead, perhaps since the environment was
   * last frozen.
   */
  readonly attemptTimeoutMs: number;
}

/**
 * The fields of the response. Throws AwsError if AWS refuses the call, and another Error if no valid response arrives
 * in time.
 */
export type JsonCall = (
  operation: string,
  input: object,
  options: CallOptions,
) => Promise<Readonly<Record<string, unknown>>>;

/**
 * AWS accepts clocks that differ by minutes. If the difference is smaller than this, the clock was not the reason for
 * the refusal.
 */
const leastSkewMs = 60_000;

/** Retries per call. Every execution environment has its own budget, so a larger one would add up. */
const mostRetriesSaved = 1;

const backoffMs = { least: 10, spread: 40 };

/** DynamoDB's largest item is 400 KB, a secret 64 KB; JSON adds to that. AWS keeps idle connections for longer than 20 s. */
const limits = { maxIdleMs: 20_000, maxBodyBytes: 2 * 1024 * 1024 };

type Outcome =
  | { readonly fields: Readonly<Record<string, unknown>> }
  | { readonly error: unknown; readonly mayPass: boolean };

/**
 * Calls one AWS service by its JSON protocol, with at most two attempts before the deadline. AWS may have executed an
 * attempt whose response was lost. So use it for operations that may happen twice, or set `once`.
 */
export const createJsonClient = (settings: AwsSettings, service: JsonService): JsonCall => {
  const { region, credentials, now } = settings;
  const endpoint = settings.endpoint ?? regionalEndpoint(service.name, region);
  const connections = createConnections(endpoint, { now, ...limits });
  const sign = createSigner({ region, service: service.name });
  const budgets = new Map<string, RetryBudget>();
  let clockOffsetMs = 0;

  const send = async (operation: string, body: string, deadlineMs: number, signedAtMs: number) => {
    const nowMs = now();
    if (deadlineMs <= nowMs) throw new TransportError('DEADLINE_PASSED');
    const headers = sign(
      {
        'content-type': service.contentType,
        host: endpoint.host,
        'x-amz-target': `${service.targetPrefix}.${operation}`,
      },
      body,
      credentials(),
      signedAtMs,
    );
    const request = { method: 'POST', path: '/', headers: listOf(headers, body), body };
    const attempt = await connections.send(
      request,
      Math.min(deadlineMs, nowMs + service.attemptTimeoutMs),
    );
    if (attempt.kind === 'responded') return attempt;
    connections.closeIdle(); // The other connections are as old as the one that failed.
    throw attempt.cause ?? new TransportError(codes[attempt.reason]);
  };

  const attempt = async (
    operation: string,
    body: string,
    deadlineMs: number,
    budget: RetryBudget,
  ): Promise<Outcome> => {
    const signedAtMs = now() + clockOffsetMs;
    let response: TransportResponse | undefined;
    try {
      response = await send(operation, body, deadlineMs, signedAtMs);
      const fields = readResponse(response);
      budget.deposit();
      return { fields };
    } catch (error) {
      const serverMs = Date.parse((response && headerOf(response, 'date')) ?? '');
      const isSkewed = mayBeClockSkew(error) && Math.abs(serverMs - signedAtMs) >= leastSkewMs;
      if (isSkewed) clockOffsetMs = serverMs - now();
      if (!isTransient(error)) budget.deposit();
      return { error, mayPass: isTransient(error) || isSkewed };
    }
  };

  return async (operation, input, { deadlineMs, once }) => {
    const body = JSON.stringify(input);
    // Each operation has its own budget: successful calls of one must not pay for retries of another.
    const budget = budgets.get(operation) ?? createRetryBudget(mostRetriesSaved);
    budgets.set(operation, budget);
    const outcome = await repeat(() => attempt(operation, body, deadlineMs, budget), {
      retries: once ? 0 : 1,
      budget,
      now,
      deadlineMs,
      pauseAfter: (last) => {
        if ('fields' in last || !last.mayPass) return undefined;
        return last.error instanceof AwsError
          ? backoffMs.least + Math.random() * backoffMs.spread
          : 0;
      },
    });
    if ('fields' in outcome) return outcome.fields;
    throw outcome.error;
  };
};

/** No response in time, or one that is incomplete or too large. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** For failures that have no error code in Node. */
const codes: Readonly<Record<FailureReason, string>> = {
  unreachable: 'UNREACHABLE',
  'connect-timeout': 'CONNECT_TIMEOUT',
  'no-response': 'RESPONSE_MISSING',
  'bad-response': 'ECONNRESET', // The connection ended before the response was complete.
  'response-too-large': 'RESPONSE_TOO_LARGE',
  timeout: 'ATTEMPT_TIMEOUT',
};

const listOf = (headers: Headers, body: string): string[] => {
  const list = ['content-length', String(Buffer.byteLength(body))];
  for (const name in headers) list.push(name, headers[name] ?? '');
  return list;
};

/** https://docs.aws.amazon.com/general/latest/gr/rande.html: China is a partition with a separate domain. */
export const regionalEndpoint = (service: string, region: string): URL =>
  new URL(`https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`);
