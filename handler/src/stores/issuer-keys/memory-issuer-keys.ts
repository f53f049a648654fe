import type { Claim, IssuerKeyStore, PublishedKeys } from './issuer-key-store.ts';

interface Kept {
  keys: PublishedKeys | undefined;
  readonly claimedAtMs: Partial<Record<Claim['reason'], number>>;
}

/** Keys of issuers in the memory of one process. */
export const createMemoryIssuerKeys = (): IssuerKeyStore => {
  const sources = new Map<string, Kept>();
  const keptOf = (source: string): Kept => {
    const kept = sources.get(source) ?? { keys: undefined, claimedAtMs: {} };
    sources.set(source, kept);
    return kept;
  };
  return {
    find: async (source) => structuredClone(sources.get(source)),
    claim: async (source, { reason, atMs, afterMs }) => {
      const { claimedAtMs } = keptOf(source);
      if ((claimedAtMs[reason] ?? Number.NEGATIVE_INFINITY) > afterMs) return false;
      claimedAtMs[reason] = atMs;
      return true;
    },
    keep: async (source, keys) => {
      keptOf(source).keys = keys;
      return keys;
    },
  };
};
