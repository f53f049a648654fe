import type { GatewayDependencies } from './gateway.ts';
import { GatewayError } from './http/gateway-error.ts';
import type { Log } from './telemetry/logger.ts';

/** Asking `/health/ready` writes the line again, at most this often, so that it is among the newest. */
const reportEveryMs = 60_000;

interface Tools {
  readonly log: Log;
  readonly now: () => number;
}

/**
 * What stands in for the gateway's parts where its environment is at fault: requests are matched, logged and answered
 * 503. Which variables are at fault is named in the log alone, at the start and when `/health/ready` is asked: clients
 * learn nothing of it. Their values, which may be secrets, are not known here.
 */
export const misconfigured = (
  faults: readonly string[],
  { log, now }: Tools,
): Pick<GatewayDependencies, 'tokens' | 'sessions' | 'allowedOrigins' | 'buckets' | 'forward'> & {
  readonly readiness: () => Promise<never>;
  readonly faults?: undefined;
} => {
  let reportedAtMs = Number.NEGATIVE_INFINITY;
  const report = (): void => {
    if (now() - reportedAtMs < reportEveryMs) return;
    reportedAtMs = now();
    log.error('the environment is misconfigured', { faults });
  };
  report();
  const refuse = async (): Promise<never> => {
    throw new GatewayError('GATEWAY_MISCONFIGURED', {
      detail: 'The function’s log names what is wrong with its environment.',
    });
  };
  return {
    tokens: { verify: refuse },
    sessions: { hasEnded: () => false, find: refuse },
    buckets: {
      take: async () => ({ allowed: true, remaining: 0, resetSeconds: 0, takenAtMicros: 0 }),
      knownRefusal: () => undefined,
      giveBack: async () => undefined,
    },
    allowedOrigins: new Set(),
    forward: refuse,
    readiness: () => {
      report();
      return refuse();
    },
  };
};
