import { matchOf } from './exchange.ts';
import type { GatewayDependencies } from './gateway.ts';
import { GatewayError } from './http/gateway-error.ts';
import type { Log } from './telemetry/logger.ts';

/** A request for `/health/ready` writes the line again, at most this often, so that it is among the newest. */
const reportEveryMs = 60_000;

interface Tools {
  readonly log: Log;
  readonly now: () => number;
}

/**
 * The gateway's parts while it is misconfigured: requests are matched, logged, and the response is 503. Only the log
 * names the variables, at the start and when `/health/ready` is requested; never their values, which may be secrets.
 */
export const misconfigured = (
  misconfigurations: readonly string[],
  { log, now }: Tools,
): Pick<GatewayDependencies, 'authenticate' | 'features' | 'forward'> & {
  readonly readiness: () => Promise<never>;
  readonly faults?: undefined;
} => {
  let reportedAtMs = Number.NEGATIVE_INFINITY;
  const report = (): void => {
    if (now() - reportedAtMs < reportEveryMs) return;
    reportedAtMs = now();
    log.error('the gateway is misconfigured', { misconfigurations });
  };
  report();
  const refuse = async (): Promise<never> => {
    throw new GatewayError('GATEWAY_MISCONFIGURED', {
      detail: 'The log of the function names the misconfigured settings.',
    });
  };
  return {
    authenticate: {
      before: async ({ context: { exchange } }) => {
        if (matchOf(exchange).route.access.kind !== 'public') await refuse();
      },
    },
    features: {},
    forward: refuse,
    readiness: () => {
      report();
      return refuse();
    },
  };
};
