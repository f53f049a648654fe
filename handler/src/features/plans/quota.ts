import { type Exchange, matchOf } from '../../exchange.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { Feature } from '../../parts.ts';
import { limitUnavailable } from '../../stores/buckets/limit-unavailable.ts';
import type { Quota, QuotaDecision, Quotas } from '../../stores/quotas/quota.ts';
import type { Session } from '../../stores/sessions/session.ts';

declare module '../../parts.ts' {
  interface FeatureTools {
    /** Only contracts with a quota have it. */
    readonly quotas?: Quotas;
  }
}

/**
 * Counts the requests that go on to their target, and refuses those above the quota of the caller's plan. It is the last
 * step before the target, so that no request that the gateway itself refuses is counted.
 */
export const quota: Feature = ({ quotas, metrics, now }) => {
  if (quotas === undefined) throw new TypeError('The contract has no store of quotas');

  /** Undefined if the usage cannot be written and the quota allows the request anyway. */
  const take = async (
    exchange: Exchange,
    caller: Session,
    quota: Quota,
  ): Promise<QuotaDecision | undefined> => {
    try {
      return await quotas.take(usageKey(caller), quota, exchange);
    } catch (cause) {
      metrics.add('limiterStoreFailures', 1);
      if (quota.onStoreFailure === 'allow') {
        exchange.limiterFailure = cause;
        return undefined;
      }
      throw limitUnavailable(cause);
    }
  };

  return {
    before: async ({ context: { exchange } }) => {
      const { plan, caller } = exchange;
      const isOwn = matchOf(exchange).route.target.kind === 'built-in';
      if (plan?.quota === undefined || caller === undefined || isOwn) return;
      const decision = await take(exchange, caller, plan.quota);
      if (decision === undefined) return;
      const { allowed, remaining, span } = decision;
      const policy = `${plan.quota.name}-quota`;
      const seconds = Math.max(1, Math.ceil((span.endMs - now()) / 1_000));
      const windowSeconds = (span.endMs - span.startMs) / 1_000;
      append(exchange, 'ratelimit-policy', `"${policy}";q=${plan.quota.limit};w=${windowSeconds}`);
      append(exchange, 'ratelimit', `"${policy}";r=${remaining};t=${seconds}`);
      exchange.logFields = { ...exchange.logFields, quota_remaining: remaining };
      if (allowed) return;
      metrics.add('rateLimited', 1, { rule: policy });
      throw new GatewayError('QUOTA_EXCEEDED', {
        detail: `The quota of this ${plan.quota.period} is used up. It begins anew at ${new Date(span.endMs).toISOString()}.`,
        headers: { 'retry-after': String(seconds) },
        violatedPolicies: [policy],
      });
    },
  };
};

/** The name of a consumer has no `#`. */
const usageKey = ({ consumer, userId }: Session): string => consumer ?? `user#${userId}`;

/** The fields may have members for the rate limits (draft-ietf-httpapi-ratelimit-headers-11). */
const append = ({ responseHeaders }: Exchange, name: string, member: string): void => {
  const others = responseHeaders[name];
  responseHeaders[name] = others === undefined ? member : `${others}, ${member}`;
};
