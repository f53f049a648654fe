import type { RateLimitRule } from '../../../handler/src/contract/contract.ts';

/** The limit of a signed-in user as the contract ships it. */
export const memberRule: RateLimitRule = {
  name: 'member',
  per: 'user',
  limit: 500,
  windowSeconds: 60,
  burst: 600,
  onStoreFailure: 'allow',
  mode: 'enforce',
};
