import { contractPart } from '../../../compiler/contract-part.ts';

/** The list itself is a form of `upstream`: `upstreams/contract.ts` and `compiler/plan-target.ts` read it. */
export default contractPart({
  folder: 'upstreams/split',
  route: {
    sticky: {
      if: { const: false },
      else: {
        enum: ['caller', 'cookie'],
        errorMessage: 'must be caller, cookie or false',
      },
      default: false,
      description:
        'Of a list of upstreams: whether a caller gets the same one each time. `caller` recognizes the user, or the address where there is no sign-in; `cookie` the browser.',
    },
  },
  compile: ({ routes, nearest, report }) => {
    for (const { plan, operation } of routes) {
      const found = operation && nearest(operation, 'sticky');
      // That of a path or of the defaults is for those of its operations that have a list.
      if (found === undefined || found.path[2] !== operation?.method) continue;
      if (found.value !== false && plan.target.kind !== 'split')
        report(
          found.path,
          `"sticky" is for a list of upstreams — give ${plan.id} an upstream: [{ name, weight }, …]`,
          'key',
        );
    }
    const split = new Set(
      routes.flatMap(({ plan: { id, target } }) => (target.kind === 'split' ? [id] : [])),
    );
    if (split.size === 0) return () => ({});
    return ({ use, useStore }) => ({
      upstreamKind: use('splitUpstreams', 'split-upstreams.ts'),
      aroundUpstreams: use('withRoutesByTarget', 'routes-by-target.ts'),
      feature: use('leftOutLog', 'left-out-log.ts'),
      stores: { traffic: useStore('dynamoDbTraffic', 'traffic/dynamodb-traffic.ts') },
      permissions: [{ store: 'traffic', actions: ['dynamodb:GetItem'] }],
    });
  },
});
