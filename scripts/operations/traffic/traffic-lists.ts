import type { ListedRoute } from '../../../handler/compiler/list-routes.ts';
import { suggestion } from '../../../handler/compiler/nearest.ts';
import type { TrafficWeights, Weights } from '../../../handler/src/stores/traffic/traffic-store.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';

/** A route with several upstreams. */
export interface SplitRoute {
  readonly id: string;
  /** What all routes with the same upstreams have in common: the scope of their weights in the table. */
  readonly list: string;
  /** Of the contract. */
  readonly weights: Weights;
}

export const splitRoutes = (routes: readonly ListedRoute[]): readonly SplitRoute[] =>
  routes.flatMap(({ id, target }) =>
    target.kind === 'split'
      ? [
          {
            id,
            list: target.upstream,
            weights: Object.fromEntries(
              target.parts.map((part) => [part.target.upstream, part.weight]),
            ),
          },
        ]
      : [],
  );

/** What the gateway does with the route: as it reads the table. */
export const presentWeights = ({ id, list, weights }: SplitRoute, set: TrafficWeights): Weights => {
  const names = Object.keys(weights);
  const isFor = (each: Weights | undefined): each is Weights =>
    each !== undefined &&
    Object.keys(each).length === names.length &&
    names.every((name) => Object.hasOwn(each, name));
  return [set[id], set[list]].find(isFor) ?? weights;
};

/** The routes that a change is for. `route` is an id, or a path that stands for all its methods. */
export const chosenRoutes = (
  routes: readonly SplitRoute[],
  { to, route }: { readonly to: Weights; readonly route?: string | undefined },
): readonly SplitRoute[] => {
  const atRoute = routes.filter(
    ({ id }) => route === undefined || id === route || id.endsWith(` ${route}`),
  );
  if (atRoute.length === 0)
    throw new CommandError(
      `ROUTE is "${route}"; the routes with several upstreams are:\n  ${routes.map(({ id }) => id).join('\n  ')}`,
    );
  const list = Object.keys(to).toSorted().join(',');
  const chosen = atRoute.filter((each) => each.list === list);
  if (chosen.length > 0) return chosen;
  const lists = [...new Set(atRoute.map((each) => each.list))];
  const names = [...new Set(atRoute.flatMap(({ weights }) => Object.keys(weights)))];
  const unknown = Object.keys(to).find((name) => !names.includes(name));
  const hint =
    unknown === undefined
      ? 'name all of a list, with 0 for those that get no requests'
      : `"${unknown}" is in none of them${suggestion(unknown, names)}`;
  throw new CommandError(
    `No route has the upstreams ${Object.keys(to).join(' and ')}: ${hint}\nThe lists are:\n  ${lists.join('\n  ')}`,
  );
};

/** The weights of the table with those of the routes: of the whole list, or of the one route that was named. */
export const withWeights = (
  set: TrafficWeights,
  chosen: readonly SplitRoute[],
  to: Weights,
  isOfRoute: boolean,
): TrafficWeights => {
  if (isOfRoute) return { ...set, ...Object.fromEntries(chosen.map(({ id }) => [id, to])) };
  const ids = new Set(chosen.map(({ id }) => id));
  const others = Object.entries(set).filter(([scope]) => !ids.has(scope));
  return Object.fromEntries([
    ...others,
    ...chosen.map(({ list }): [string, Weights] => [list, to]),
  ]);
};
