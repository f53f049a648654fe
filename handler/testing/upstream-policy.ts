import type { Contract, UpstreamPolicy } from '../src/contract.ts';

/** An upstream named users, as the contract's compiler describes one that sets nothing, with these changes. */
export const upstreamPolicy = (
  changes: Partial<UpstreamPolicy<'http'>> = {},
): UpstreamPolicy<'http'> => ({
  kind: 'http',
  name: 'users',
  urlVariable: 'UPSTREAM_USERS_SERVICE_URL',
  allowedHosts: [],
  retries: 1,
  breaker: { failures: 5, openSeconds: 10 },
  maxHeaderBytes: 8_192,
  startsSessions: false,
  ...changes,
});

/** Of the contract's HTTP upstreams. */
export const httpPolicies = ({
  upstreams,
}: Pick<Contract, 'upstreams'>): readonly UpstreamPolicy<'http'>[] =>
  Object.values<UpstreamPolicy>(upstreams).filter((policy) => policy.kind === 'http');
