import type { ApiKeyItem, ApiKeyRequest, CredentialItem } from './new-api-key.ts';

export interface RotationOptions {
  /** How long the former credential stays valid. */
  readonly graceSeconds: number;
  /** Of the new one; undefined: as long as the former one had. */
  readonly lifetimeSeconds: number | undefined;
  readonly nowSeconds: number;
}

/** The key that replaces another one, and when that one ends. */
export const rotationOf = (
  former: ApiKeyItem,
  /** Of the contract: a key of an earlier prefix gets one of these. */
  prefixes: readonly string[],
  options: RotationOptions,
): { readonly request: ApiKeyRequest; readonly formerEndsAtSeconds: number } => {
  const { consumer, plan, scopes, prefix } = former;
  const { lifetimeSeconds, formerEndsAtSeconds } = overlapOf(former, options);
  return {
    request: {
      ...{ consumer, plan, scopes, lifetimeSeconds },
      prefix: prefixes.includes(prefix) ? prefix : (prefixes[0] ?? prefix),
    },
    formerEndsAtSeconds,
  };
};

/** How long the new credential is valid, and when the former one ends: never later than it would have. */
export const overlapOf = (
  { created_at: createdAt, expires_at: expiresAt }: CredentialItem,
  { graceSeconds, lifetimeSeconds, nowSeconds }: RotationOptions,
): { readonly lifetimeSeconds: number | undefined; readonly formerEndsAtSeconds: number } => {
  const usual = expiresAt === undefined ? undefined : Math.max(1, expiresAt - createdAt);
  return {
    lifetimeSeconds: lifetimeSeconds ?? usual,
    formerEndsAtSeconds: Math.min(expiresAt ?? Number.POSITIVE_INFINITY, nowSeconds + graceSeconds),
  };
};
