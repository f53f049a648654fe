import type { AwsPolicy } from '../src/aws/forward-to-aws.ts';
import type { UpstreamPolicy } from '../src/contract.ts';
import type { ErrorCode } from '../src/http/gateway-error.ts';
import { literal } from './code.ts';
import type { ContractView, Emission, Keys, Located, Said } from './contract-part.ts';
import type { Action } from './permissions.ts';
import type { Report } from './problem.ts';
import {
  type breakerKey,
  readBreaker,
  type retriesKey,
  upstreamVariable,
} from './upstream-keys.ts';

/** What every upstream says that is a resource of AWS and is called by the gateway. */
type SaidOfUpstream = Located<{
  readonly retries?: Said<typeof retriesKey> | undefined;
  readonly breaker?: Said<typeof breakerKey> | undefined;
}> & { readonly name: string };

export const readAwsUpstream = (
  { name, value: { retries, breaker }, path }: SaidOfUpstream,
  report: Report,
): AwsPolicy => ({
  name,
  arnVariable: upstreamVariable(name, 'ARN'),
  retries: retries ?? 1,
  breaker: readBreaker(breaker, path, report),
});

interface OfKind<P> {
  /** That the gateway calls an upstream by. */
  readonly actionOf: (policy: P) => Action;
  readonly errors: readonly ErrorCode[];
}

/** The policies of a kind of AWS, the permissions for those that a route leads to, and the errors of these routes. */
export const emitAwsUpstreams = <P extends UpstreamPolicy>(
  policies: readonly P[],
  { routes }: Pick<ContractView<Keys, Keys>, 'routes'>,
  { actionOf, errors }: OfKind<P>,
): Emission => {
  const byName = new Map(policies.map((policy) => [policy.name, policy]));
  const called = new Map(
    routes.flatMap(({ plan: { id, target } }) => {
      const policy = target.kind === 'built-in' ? undefined : byName.get(target.upstream);
      return policy?.kind === target.kind ? [[id, policy] as const] : [];
    }),
  );
  return {
    permissions: [...new Set(called.values())].map((policy) => ({
      upstream: policy.name,
      actions: [actionOf(policy)],
    })),
    responses: (id) => (called.has(id) ? { errors } : {}),
    upstreams: Object.fromEntries(policies.map((policy) => [policy.name, literal(policy)])),
  };
};
