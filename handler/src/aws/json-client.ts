import { AwsError, isTransient, mayBeClockSkew, readAnswer } from './aws-error.ts';
import type { CallOptions } from './aws-call.ts';
import { createPoster, TransportError } from './post.ts';
import { createRetryBudget, type RetryBudget } from '../http/retry-budget.ts';
import { type AwsCredentials, createSigner } from './signature-v4.ts';

export interface AwsSettings {
  readonly region: string;
  /** In place of AWS's own, such as a local emulator's. */
  readonly endpoint: URL | undefined;
  readonly credentials: () => AwsCredentials;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export interface JsonService {
  /** As AWS names it in signatures and host names, such as `dynamodb`. */
  readonly name: string;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  /** What stands before the operation in `X-Amz-Target`, such as `DynamoDB_20120810`. */
  readonly targetPrefix: string;
  /** An answer takes far less; past this the connection is dead, perhaps since the environment was last frozen. */
  readonly attemptTimeoutMs: number;
}

/** The answer's fields. Throws AwsError where AWS refuses, and any other Error where no sound answer came in time. */
export type JsonCall = (
  operation: string,
  input: object,
  options: CallOptions,
) => Promise<Readonly<Record<string, unknown>>>;

/** AWS allows clocks to be minutes apart; where they are closer than this, it was not the time that it refused. */
const leastSkewMs = 60_000;

/** As many as one call may make. Many environments each have one: more of them would add up. */
const mostRetriesSaved = 1;

const backoffMs = { least: 10, spread: 40 };

/**
 * Speaks to one AWS service in its JSON protocol: at most two attempts within the deadline. An attempt whose answer was
 * lost may have been carried out all the same, so call only what may happen twice.
 */
export const createJsonClient = (settings: AwsSettings, service: JsonService): JsonCall => {
  const { region, credentials, now = Date.now } = settings;
  const endpoint = settings.endpoint ?? regionalEndpoint(service.name, region);
  const poster = createPoster(endpoint, now);
  const sign = createSigner({ region, service: service.name });
  const budgets = new Map<string, RetryBudget>();
  let clockOffsetMs = 0;

  const attempt: JsonCallWithBody = async (operation, body, deadlineMs, retries) => {
    const timeoutMs = Math.min(service.attemptTimeoutMs, deadlineMs - now());
    if (timeoutMs <= 0) throw new TransportError('DEADLINE_PASSED');
    const signedAtMs = now() + clockOffsetMs;
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
    const answer = await poster.post(headers, body, timeoutMs);
    try {
      const fields = readAnswer(answer);
      retries.deposit();
      return fields;
    } catch (error) {
      if (!isTransient(error)) retries.deposit();
      const serverMs = Date.parse(answer.headers().date ?? '');
      if (mayBeClockSkew(error) && Math.abs(serverMs - signedAtMs) >= leastSkewMs) {
        clockOffsetMs = serverMs - now();
      }
      throw error;
    }
  };

  return async (operation, input, { deadlineMs, once }) => {
    const body = JSON.stringify(input);
    const offsetMs = clockOffsetMs;
    // Each operation has a budget of its own: calls that succeed must not pay for the retries of others that fail.
    const retries = budgets.get(operation) ?? createRetryBudget(mostRetriesSaved);
    budgets.set(operation, retries);
    try {
      return await attempt(operation, body, deadlineMs, retries);
    } catch (error) {
      const mayPass = isTransient(error) || clockOffsetMs !== offsetMs;
      const waitMs =
        error instanceof AwsError ? backoffMs.least + Math.random() * backoffMs.spread : 0;
      if (once || !mayPass || now() + waitMs >= deadlineMs || !retries.withdraw()) throw error;
      // The other connections are as old as the one that failed.
      if (!(error instanceof AwsError)) poster.dropIdleConnections();
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      return attempt(operation, body, deadlineMs, retries);
    }
  };
};

type JsonCallWithBody = (
  operation: string,
  body: string,
  deadlineMs: number,
  retries: RetryBudget,
) => Promise<Readonly<Record<string, unknown>>>;

/** https://docs.aws.amazon.com/general/latest/gr/rande.html: China is a partition with a domain of its own. */
export const regionalEndpoint = (service: string, region: string): URL =>
  new URL(`https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`);
