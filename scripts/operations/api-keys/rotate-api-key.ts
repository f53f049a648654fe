import type { ApiKeyItem, ApiKeyRequest } from './new-api-key.ts';

interface Options {
  /** How long the former key stays valid. */
  readonly graceSeconds: number;
  /** Of the new key; undefined: as long as the former one had. */
  readonly lifetimeSeconds: number | undefined;
  readonly nowSeconds: number;
}

/** The key that replaces another one, and when that one ends: never later than it would have. */
export const rotationOf = (
  { consumer, plan, scopes, prefix, created_at: createdAt, expires_at: expiresAt }: ApiKeyItem,
  /** Of the contract: a key of an earlier prefix gets one of these. */
  prefixes: readonly string[],
  { graceSeconds, lifetimeSeconds, nowSeconds }: Options,
): { readonly request: ApiKeyRequest; readonly formerEndsAtSeconds: number } => {
  const usual = expiresAt === undefined ? undefined : Math.max(1, expiresAt - createdAt);
  return {
    request: {
      ...{ consumer, plan, scopes },
      prefix: prefixes.includes(prefix) ? prefix : (prefixes[0] ?? prefix),
      lifetimeSeconds: lifetimeSeconds ?? usual,
    },
    formerEndsAtSeconds: Math.min(expiresAt ?? Number.POSITIVE_INFINITY, nowSeconds + graceSeconds),
  };
};
