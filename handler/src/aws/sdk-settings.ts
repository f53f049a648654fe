import type { CallOptions } from './aws-call.ts';
import type { AwsSettings } from './json-client.ts';

/** The settings of an AWS SDK client: at most two attempts, each ended after `attemptTimeoutMs`. */
export const sdkSettings = (settings: AwsSettings, attemptTimeoutMs: number) => {
  const { region, endpoint, credentials } = settings;
  return {
    region,
    ...(endpoint && { endpoint: endpoint.href }),
    credentials: async () => {
      const { sessionToken, ...keys } = credentials();
      return { ...keys, ...(sessionToken !== undefined && { sessionToken }) };
    },
    maxAttempts: 2,
    requestHandler: {
      httpAgent: { keepAlive: true, noDelay: true },
      requestTimeout: attemptTimeoutMs,
      throwOnRequestTimeout: true, // Otherwise the SDK only warns.
    },
  };
};

/** Ends an SDK call at the deadline, including its pauses between attempts. */
export const untilDeadline = ({ deadlineMs }: CallOptions, nowMs: number) => ({
  abortSignal: AbortSignal.timeout(Math.max(0, deadlineMs - nowMs)),
});
