import { noFaults } from './faults/no-faults.ts';
import type { GatewayDependencies } from './gateway.ts';
import { GatewayError } from './http/gateway-error.ts';

/**
 * What stands in for the gateway's parts where its environment is at fault: requests are matched, logged and answered
 * 503, and `/health/ready` says which variables are at fault. Their values, which may be secrets, it does not know.
 */
export const misconfigured = (
  faults: readonly string[],
): Pick<GatewayDependencies, 'tokens' | 'sessions' | 'allowedOrigins' | 'buckets' | 'forward'> & {
  readonly readiness: () => Promise<never>;
  readonly faults: typeof noFaults;
} => {
  const refuse = async (detail: string): Promise<never> => {
    throw new GatewayError('GATEWAY_MISCONFIGURED', { detail });
  };
  const refuseRequest = () =>
    refuse('The operator finds the faults at /health/ready and in the log.');
  return {
    tokens: { verify: refuseRequest },
    sessions: { hasEnded: () => false, find: refuseRequest },
    buckets: {
      take: async () => ({ allowed: true, remaining: 0, resetSeconds: 0, takenAtMicros: 0 }),
      giveBack: async () => undefined,
    },
    allowedOrigins: new Set(),
    forward: refuseRequest,
    readiness: () => refuse(faults.join('; ')),
    faults: noFaults,
  };
};
