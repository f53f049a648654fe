import { type Exchange, matchOf } from '../../exchange.ts';
import type { RateLimitRule } from '../../contract.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { Buckets } from '../../stores/buckets/bucket-store.ts';
import { limitKey } from '../../stores/buckets/limit-key.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import type { Refused } from '../../stores/buckets/token-bucket.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { Middleware } from '../../middleware.ts';

interface Dependencies {
  readonly buckets: Buckets;
  readonly metrics: Metrics;
  readonly now: () => number;
}

/** Refuses callers over their limit with 429. What happens when the store is down is the rule's own choice. */
export const rateLimit = ({ buckets, metrics, now }: Dependencies): Middleware => {
  const take = async (exchange: Exchange, rule: RateLimitRule) => {
    try {
      return await buckets.take(keyOf(exchange, rule), rule, optionsOf(exchange));
    } catch (cause) {
      metrics.add('limiterStoreFailures', 1);
      if (rule.onStoreFailure === 'allow' || rule.mode === 'shadow') {
        exchange.limiterFailure = cause;
        return undefined;
      }
      throw new GatewayError('RATE_LIMIT_STORE_UNAVAILABLE', {
        detail: 'Try again in a moment.',
        headers: { 'retry-after': '1' },
        cause,
      });
    }
  };

  const optionsOf = ({ deadlineMs }: Exchange) => ({ nowMs: now(), deadlineMs });

  /** The write was made beside the session's read: a session that turns out to have ended must cost its user nothing. */
  const giveBackIfEnded = async (exchange: Exchange, error: unknown): Promise<void> => {
    const { match, charged } = exchange;
    const rule = match?.route.rateLimit;
    const hasEnded = error instanceof GatewayError && error.code === 'CREDENTIALS_EXPIRED';
    const mustGiveBack = hasEnded && rule?.per === 'user';
    if (!mustGiveBack || charged === undefined) return;
    await buckets.giveBack(keyOf(exchange, rule), rule, charged, optionsOf(exchange));
    exchange.charged = undefined;
    for (const name in rateLimitHeaders(rule, charged)) delete exchange.responseHeaders[name];
  };

  return {
    before: async ({ context: { exchange } }) => {
      const rule = matchOf(exchange).route.rateLimit;
      if (rule === undefined) return;
      const decision = await take(exchange, rule);
      if (decision === undefined) return;
      if (decision.allowed) exchange.charged = decision;
      else
        metrics.add(rule.mode === 'shadow' ? 'shadowRefusals' : 'rateLimited', 1, {
          rule: rule.name,
        });
      if (rule.mode === 'shadow') return;
      Object.assign(exchange.responseHeaders, rateLimitHeaders(rule, decision));
      if (!decision.allowed) throw overLimit(rule, decision);
    },
    onError: ({ error, context: { exchange } }) => giveBackIfEnded(exchange, error),
  };
};

const keyOf = (exchange: Exchange, rule: RateLimitRule): string =>
  limitKey(rule, {
    clientIp: exchange.request.clientIp,
    userId: exchange.claims?.userId,
    routeId: matchOf(exchange).route.id,
  });

const overLimit = ({ name }: RateLimitRule, { retryAfterSeconds }: Refused) =>
  new GatewayError('RATE_LIMITED', {
    detail: `Try again in ${retryAfterSeconds} s.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
    violatedPolicies: [name],
  });
