import type { TrafficWeights, Weights } from '../../../handler/src/stores/traffic/traffic-store.ts';
import { columns } from '../../stack/command-line/columns.ts';
import { percentOf } from '../contract/describe-routes.ts';
import { presentWeights, type SplitRoute } from './traffic-lists.ts';
import type { Traffic } from './traffic-table.ts';

/** The weights of a route for programs. */
export interface ListedTraffic {
  readonly route: string;
  readonly weights: Weights;
  readonly contract_weights: Weights;
}

export const listedTraffic = (
  routes: readonly SplitRoute[],
  set: TrafficWeights,
): readonly ListedTraffic[] =>
  routes.map((route) => ({
    route: route.id,
    weights: presentWeights(route, set),
    contract_weights: route.weights,
  }));

/** A table for a terminal, and the last change. */
export const describeTraffic = (
  routes: readonly SplitRoute[],
  { weights, changes, watchedUntil }: Traffic,
): string => {
  const table = columns([
    ['ROUTE', 'NOW', 'CONTRACT'],
    ...listedTraffic(routes, weights).map((listed) => [
      listed.route,
      describeWeights(listed.weights),
      describeWeights(listed.contract_weights),
    ]),
  ]);
  const [newest] = changes;
  if (newest === undefined) return table;
  const watched = watchedUntil === undefined ? '' : `, watched until ${watchedUntil}`;
  return `${table}\n\nLast change: ${newest.what}, ${newest.at}, ${newest.who}${watched}`;
};

const describeWeights = (weights: Weights): string => {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  return Object.entries(weights)
    .map(([name, weight]) => `${name} ${percentOf(weight, total)}`)
    .join(', ');
};
