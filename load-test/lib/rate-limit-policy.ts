import type { Limit } from './input.ts';

/**
 * The contract's limit that an answer names in `RateLimit-Policy`, such as `"member";q=500;w=60`
 * (draft-ietf-httpapi-ratelimit-headers). Undefined where it names none, or with other figures: then
 * what is deployed is not what the contract says.
 */
export const limitNamedBy = (
  policy: string | undefined,
  limits: Readonly<Record<string, Limit>>,
): Limit | undefined => {
  const name = /^"([^"]+)"/.exec(policy ?? '')?.[1];
  const limit = limits[name ?? ''];
  const parameter = (key: string): number =>
    Number(new RegExp(`;\\s*${key}=(\\d+)`).exec(policy ?? '')?.[1]);
  const agrees = parameter('q') === limit?.limit && parameter('w') === limit.windowSeconds;
  return agrees ? limit : undefined;
};
