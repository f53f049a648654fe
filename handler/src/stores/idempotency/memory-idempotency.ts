import type { EarlierRequest, FirstRequest, IdempotencyStore } from './idempotency-store.ts';

interface Kept extends Omit<EarlierRequest, 'leaseEndsAtMs'>, Omit<FirstRequest, 'leaseEndsAtMs'> {
  readonly leaseEndsAtMs: number | undefined;
}

/** Idempotency keys in the memory of one process. */
export const createMemoryIdempotency = (now: () => number): IdempotencyStore => {
  const requests = new Map<string, Kept>();
  const change = (key: string, requestId: string, changed: Partial<Kept>): void => {
    const kept = requests.get(key);
    if (kept?.requestId === requestId) requests.set(key, { ...kept, ...changed });
  };
  return {
    begin: async (key, request) => {
      const kept = requests.get(key);
      if (kept !== undefined && kept.endsAtMs > now()) return kept;
      requests.set(key, { ...request, response: undefined });
      return undefined;
    },
    finish: async (key, requestId, response) =>
      change(key, requestId, { response, leaseEndsAtMs: undefined }),
    release: async (key, requestId) => change(key, requestId, { endsAtMs: 0 }),
  };
};
