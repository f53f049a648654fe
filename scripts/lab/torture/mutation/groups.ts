/** Code under `handler/src`, and the tests that are to notice when it changes: patterns as Jest and Stryker have them. */
export interface MutationGroup {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
}

export type GroupName = keyof typeof mutationGroups;

/** The percentage of mutants that the tests of a group must detect. */
export const leastPercent = 90;

/**
 * The code for access, limits and forwarding, with the tests next to it. The tests of the whole pipeline would detect
 * more mutants, but take ten times as long for each.
 */
export const mutationGroups = {
  token: {
    mutate: ['stores/{keys,sessions}/*.ts', 'sign-in/session/token-verifier.ts'],
    tests: ['stores/{keys,sessions}/!(*.long).test.ts', 'sign-in/session/token-verifier.test.ts'],
  },
  limiter: {
    mutate: [
      'stores/buckets/*.ts',
      'features/rate-limit/rate-limit-headers.ts',
      'features/failure-limit/local-failures.ts',
    ],
    tests: [
      'stores/buckets/!(*.long).test.ts',
      'features/rate-limit/*.test.ts',
      'features/failure-limit/{local-failures,failures.bound.long}.test.ts',
    ],
  },
  header: {
    mutate: [
      'http/{forwarded-headers,hop-by-hop,json-string-size,response-to-result,trace-context,withheld-headers}.ts',
    ],
    tests: [
      'http/{forwarded-headers,hop-by-hop,json-string-size,response-to-result,trace-context,withheld-headers}.test.ts',
    ],
  },
  path: {
    mutate: ['http/{event-to-request,upstream-path}.ts', 'pipeline/match.ts'],
    tests: ['http/{event-to-request,upstream-path}.test.ts', 'pipeline/match.test.ts'],
  },
  breaker: {
    mutate: ['transport/{circuit-breaker,repeat,retry,retry-budget}.ts'],
    tests: ['transport/{circuit-breaker,retry,retry-budget}.test.ts'],
  },
  signature: { mutate: ['aws/signature-v4.ts'], tests: ['aws/signature-v4.test.ts'] },
} as const satisfies Record<string, MutationGroup>;
