import { spanOf } from './period.ts';
import type { Quotas } from './quota.ts';

/** Quotas in the memory of one process, for development. */
export const createMemoryQuotas = (now: () => number): Quotas => {
  const used = new Map<string, number>();
  return {
    take: async (caller, { name, limit, period }) => {
      const span = spanOf(period, now());
      const key = `${span.name}#${name}#${caller}`;
      const before = used.get(key) ?? 0;
      const allowed = before < limit;
      if (allowed) used.set(key, before + 1);
      return { allowed, span, remaining: Math.max(0, limit - before - 1) };
    },
  };
};
