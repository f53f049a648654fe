import type { Limit } from './input.ts';

/**
 * The contract's limit that a response names in `RateLimit-Policy`, such as `"member";q=500;w=60`
 * (draft-ietf-httpapi-ratelimit-headers). Undefined if it names none or has other figures: then the deployment differs
 * from the contract.
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
