import type { RateLimitRule } from '../../contract.ts';
import type { Exchange } from '../../exchange.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import { gatewayErrorOf } from '../../http/gateway-error-of.ts';
import { limitKey } from '../../stores/buckets/limit-key.ts';
import { createLocalFailures } from './local-failures.ts';
import type { RateLimitDecision, Refused } from '../../stores/buckets/token-bucket.ts';
import type { Feature } from '../../parts.ts';
import { createThinLines } from '../../telemetry/thin-lines.ts';

/**
 * Limits the failures of an address (of IPv6: of its /64). A failure is a 4xx of the gateway itself for which no limit
 * of the contract was charged. Above the limit the failure becomes 429, and fewer requests of the address are logged. A
 * successful request is never refused, even if others behind the same address fail.
 *
 * The first failures are counted in memory and cost no write. If an address continues to fail, a bucket that all
 * execution environments share decides. If that bucket cannot be reached, the failure is returned unchanged.
 */
export const failureLimit =
  (rule: RateLimitRule): Feature =>
  ({ buckets, metrics, now }) => {
    const local = createLocalFailures(rule);
    const thin = createThinLines(now);

    const judge = async (key: string, deadlineMs: number): Promise<Refused | undefined> => {
      if (local.isFree(key, now())) return undefined;
      const decision: RateLimitDecision | undefined = await buckets
        .take(key, rule, { deadlineMs })
        .catch(() => {
          metrics.add('limiterStoreFailures', 1);
          return undefined;
        });
      return decision?.allowed === false ? decision : undefined;
    };

    return {
      onError: async (call) => {
        const { exchange } = call.context;
        const { request, deadlineMs } = exchange;
        const error = gatewayErrorOf(call.error);
        if (!counts(error) || isCharged(exchange) || exchange.thinned) return;
        const key = limitKey(rule, {
          clientIp: request.clientIp,
          userId: undefined,
          routeId: '',
        });
        const refused = await judge(key, deadlineMs);
        if (refused === undefined) return;
        metrics.add('rateLimited', 1, { rule: rule.name });
        exchange.thinned = { error, line: thin(key) };
        call.error = tooManyFailures(rule, refused, error);
      },
    };
  };

/** Every 4xx of the gateway itself, except that of a limit. */
const counts = ({ status }: GatewayError): boolean => status < 500 && status !== 429;

const isCharged = ({ limits = [] }: Exchange): boolean =>
  limits.some(({ rule, decision }) => decision.allowed && rule.mode === 'enforce');

const tooManyFailures = (
  { name }: RateLimitRule,
  { retryAfterSeconds }: Refused,
  { code }: GatewayError,
): GatewayError =>
  new GatewayError('RATE_LIMITED', {
    detail: `Too many requests from this address failed. Try again in ${retryAfterSeconds} s.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
    violatedPolicies: [name],
    note: `over the failure limit: ${code}`,
  });
