import type { Target, UpstreamTarget } from '../../contract.ts';
import type { UpstreamKind } from '../../parts.ts';

/** The route, once for each of its targets: as the kinds of upstream see it. */
export const byTarget = <R extends { readonly target: Target }>(route: R): readonly R[] =>
  route.target.kind === 'split'
    ? route.target.parts.map(({ target }) => ({ ...route, target }))
    : [route];

/** A kind of upstream that knows the routes of its upstreams also where these are in a list. */
export const withRoutesByTarget =
  <K extends UpstreamTarget['kind']>(kind: UpstreamKind<K>): UpstreamKind<K> =>
  (contract, reader) =>
    kind({ ...contract, routes: contract.routes.flatMap(byTarget) }, reader);
