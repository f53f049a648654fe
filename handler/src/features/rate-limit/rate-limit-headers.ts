import type { RateLimitRule } from '../../contract.ts';
import type { RateLimitDecision } from '../../stores/buckets/token-bucket.ts';

/**
 * The fields of draft-ietf-httpapi-ratelimit-headers-11. `t` is the time in which no more than `r` can be used, so it ends
 * with the next token; of a refusal it is the time to wait, as `Retry-After` must not come before its end (§6).
 */
export const rateLimitHeaders = (
  policies: readonly RateLimitRule[],
  limits: readonly { readonly rule: RateLimitRule; readonly decision: RateLimitDecision }[],
): Readonly<Record<string, string>> => ({
  'ratelimit-policy': list(
    policies,
    ({ name, limit, windowSeconds }) => `${quoted(name)};q=${limit};w=${windowSeconds}`,
  ),
  ratelimit: list(
    limits,
    ({ rule, decision }) =>
      `${quoted(rule.name)};r=${decision.remaining};t=${decision.resetSeconds}`,
  ),
});

/** A List of structured fields (RFC 9651 §3.1). */
const list = <T>(items: readonly T[], memberOf: (item: T) => string): string =>
  items.map(memberOf).join(', ');

/** A String of structured fields (RFC 9651 §3.3.3). */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
