/** Code under `handler/src`, and the tests that are to notice when it changes: patterns as Jest and Stryker have them. */
export interface MutationGroup {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
}

export type GroupName = keyof typeof mutationGroups;

/** Of so many changes in a hundred, the tests of a group must notice. */
export const leastPercent = 90;

/**
 * The code that decides who is let in, how often, and what goes on to a service, with the tests beside it: those of the
 * whole pipeline would find more, at ten times the cost a change.
 */
export const mutationGroups = {
  token: { mutate: ['sessions/*.ts'], tests: ['sessions/!(*.long|*.wycheproof).test.ts'] },
  limiter: { mutate: ['rate-limits/*.ts'], tests: ['rate-limits/!(*.long|*.writes).test.ts'] },
  header: {
    mutate: [
      'http/{forwarded-headers,hop-by-hop,json-string-size,response-to-result,trace-context,withheld-headers}.ts',
    ],
    tests: [
      'http/{forwarded-headers,hop-by-hop,json-string-size,response-to-result,trace-context,withheld-headers}.test.ts',
    ],
  },
  path: {
    mutate: ['http/{event-to-request,upstream-path}.ts', 'contract/match.ts'],
    tests: ['http/{event-to-request,upstream-path}.test.ts', 'contract/match.test.ts'],
  },
  breaker: {
    mutate: ['http/retry-budget.ts', 'upstreams/{attempt,circuit-breaker,retry}.ts'],
    tests: ['http/retry-budget.test.ts', 'upstreams/{circuit-breaker,retry}.test.ts'],
  },
  signature: { mutate: ['aws/signature-v4.ts'], tests: ['aws/signature-v4.test.ts'] },
} as const satisfies Record<string, MutationGroup>;
