import type { RateLimitRule } from '../../contract.ts';
import type { RateLimitDecision } from '../../stores/buckets/token-bucket.ts';

/**
 * The fields of draft-ietf-httpapi-ratelimit-headers-11. `t` is the time in which at most `r` requests are accepted: it
 * ends with the next token. For a refusal, `t` is the time to wait, because `Retry-After` must not end before it (§6).
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
