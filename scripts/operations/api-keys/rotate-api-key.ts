import { type RotationOptions, successorOf } from './credential.ts';
import type { ApiKeyItem, ApiKeyRequest } from './new-api-key.ts';

/** The key that replaces another one, and when that one ends. */
export const rotationOf = (
  former: ApiKeyItem,
  /** Of the contract: a key of an earlier prefix gets one of these. */
  prefixes: readonly string[],
  options: RotationOptions,
): { readonly request: ApiKeyRequest; readonly formerEndsAtSeconds: number } => {
  const { request, formerEndsAtSeconds } = successorOf(former, options);
  const prefix = prefixes.includes(former.prefix) ? former.prefix : (prefixes[0] ?? former.prefix);
  return { request: { ...request, prefix }, formerEndsAtSeconds };
};
