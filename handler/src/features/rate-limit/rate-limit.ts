import { type Exchange, matchOf } from '../../exchange.ts';
import type { RateLimitRule } from '../../contract.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { Buckets } from '../../stores/buckets/bucket-store.ts';
import { limitKey } from '../../stores/buckets/limit-key.ts';
import { limitUnavailable } from '../../stores/buckets/limit-unavailable.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import type { Limit } from '../../stores/buckets/token-bucket.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { Middleware } from '../../middleware.ts';

interface Dependencies {
  readonly buckets: Buckets;
  readonly metrics: Metrics;
}

/**
 * Charges every limit of the route. If one refuses, the response is 429 and the tokens of the others are returned. Each
 * rule defines what happens when the store is unavailable.
 */
export const rateLimit = ({ buckets, metrics }: Dependencies): Middleware => {
  /** Undefined if the store cannot be reached and the rule accepts the request anyway. */
  const take = async (exchange: Exchange, rule: RateLimitRule): Promise<Limit | undefined> => {
    try {
      const decision = await buckets.take(keyOf(exchange, rule), rule, exchange);
      return { rule, decision };
    } catch (cause) {
      metrics.add('limiterStoreFailures', 1);
      if (rule.onStoreFailure === 'allow' || rule.mode === 'shadow') {
        exchange.limiterFailure = cause;
        return undefined;
      }
      throw limitUnavailable(cause);
    }
  };

  /** The refusals that are known without a write. They do not charge the route's other limits. */
  const knownRefusals = (exchange: Exchange, rules: readonly RateLimitRule[]): readonly Limit[] =>
    rules.filter(isEnforced).flatMap((rule) => {
      const decision = buckets.knownRefusal(keyOf(exchange, rule), rule);
      return decision === undefined ? [] : [{ rule, decision }];
    });

  const takeAll = async (exchange: Exchange, rules: readonly RateLimitRule[]): Promise<void> => {
    const refusals = knownRefusals(exchange, rules);
    if (refusals.length > 0) {
      exchange.limits = refusals;
      return;
    }
    const taken = await Promise.allSettled(rules.map((rule) => take(exchange, rule)));
    exchange.limits = taken.flatMap((each) =>
      each.status === 'fulfilled' && each.value !== undefined ? [each.value] : [],
    );
    const failure = taken.find((each) => each.status === 'rejected');
    if (failure === undefined || exchange.limits.some(isViolated)) return;
    await giveBack(exchange, () => true);
    throw failure.reason;
  };

  /** Returns the tokens that some of the rules took for the request. */
  const giveBack = async (
    exchange: Exchange,
    isMeant: (rule: RateLimitRule) => boolean,
  ): Promise<void> => {
    const { limits = [] } = exchange;
    const kept = limits.filter(({ rule, decision }) => !decision.allowed || !isMeant(rule));
    if (kept.length === limits.length) return;
    exchange.limits = kept;
    await Promise.all(
      limits.map(async (limit) => {
        const { rule, decision } = limit;
        if (!decision.allowed || kept.includes(limit)) return;
        await buckets.giveBack(keyOf(exchange, rule), rule, decision, exchange);
      }),
    );
  };

  return {
    before: async ({ context: { exchange } }) => {
      const { rateLimits } = matchOf(exchange).route;
      if (rateLimits.length === 0) return;
      await takeAll(exchange, rateLimits);
      for (const { rule, decision } of exchange.limits ?? []) {
        if (decision.allowed) continue;
        metrics.add(isEnforced(rule) ? 'rateLimited' : 'shadowRefusals', 1, { rule: rule.name });
      }
      const violated = exchange.limits?.filter(isViolated) ?? [];
      if (violated.length > 0) await giveBack(exchange, () => true);
      showLimits(exchange);
      if (violated.length > 0) throw overLimit(violated);
    },
    /**
     * The write ran in parallel with the read of the session. If the session has ended, its user must not be charged.
     */
    onError: async ({ error, context: { exchange } }) => {
      if (!(error instanceof GatewayError) || error.code !== 'CREDENTIALS_EXPIRED') return;
      await giveBack(exchange, ({ per }) => per.includes('caller'));
      showLimits(exchange);
    },
  };
};

const isEnforced = ({ mode }: RateLimitRule): boolean => mode === 'enforce';

const isViolated = ({ rule, decision }: Limit): boolean => isEnforced(rule) && !decision.allowed;

const keyOf = (exchange: Exchange, rule: RateLimitRule): string =>
  limitKey(rule, {
    clientIp: exchange.request.clientIp,
    userId: exchange.claims?.userId,
    routeId: matchOf(exchange).route.id,
  });

const overLimit = (violated: readonly Limit[]): GatewayError => {
  const waits = violated.map(({ decision }) => (decision.allowed ? 0 : decision.retryAfterSeconds));
  const retryAfterSeconds = Math.max(...waits);
  return new GatewayError('RATE_LIMITED', {
    detail: `Try again in ${retryAfterSeconds} s.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
    violatedPolicies: violated.map(({ rule }) => rule.name),
  });
};

/** Every enforced policy, and the remaining tokens of each that decided. */
const showLimits = ({ match, limits = [], responseHeaders }: Exchange): void => {
  const policies = match?.route.rateLimits.filter(isEnforced) ?? [];
  const decided = limits.filter(({ rule }) => isEnforced(rule));
  const headers = rateLimitHeaders(policies, decided);
  if (decided.length > 0) Object.assign(responseHeaders, headers);
  else for (const name in headers) delete responseHeaders[name];
};
