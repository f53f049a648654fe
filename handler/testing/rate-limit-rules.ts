import type { RateLimitRule } from '../src/contract.ts';

/** A limit of a number of requests per number of seconds, and `burst` at once after a pause. */
export const limitOf = (limit: number, windowSeconds: number, burst: number): RateLimitRule => ({
  name: 'member',
  per: ['caller'],
  limit,
  windowSeconds,
  burst,
  onStoreFailure: 'allow',
  mode: 'enforce',
});

/** The limits of the shipped contract. */
export const member = limitOf(500, 60, 600);
export const visitor: RateLimitRule = { ...limitOf(100, 60, 120), name: 'visitor', per: ['ip'] };
