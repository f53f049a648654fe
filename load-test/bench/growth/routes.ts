import type { Route } from '../../../handler/src/contract.ts';
import { createMatcher } from '../../../handler/src/pipeline/match.ts';

export interface RoutesPoint {
  readonly routes: number;
  readonly match_us: number;
  readonly no_match_us: number;
}

const matches = 200_000;

/** The time to find a request's route, by how many routes the contract has. */
export const growRoutes = (): readonly RoutesPoint[] =>
  [10, 30, 100, 300, 1_000].map((count) => {
    const match = createMatcher(Array.from({ length: count }, (_, index) => route(index)));
    const found = pathsOf(count, 'item-1');
    const missing = pathsOf(count, 'item-1/none');
    timeEach(match, found);
    return {
      routes: count,
      match_us: timeEach(match, found),
      no_match_us: timeEach(match, missing),
    };
  });

const collections = (index: number): string => `/api/v${index % 3}/collection-${index}`;

const route = (index: number): Route => ({
  id: `GET ${collections(index)}/{id}`,
  method: 'GET',
  path: `${collections(index)}/{id}`,
  access: { kind: 'public' },
  target: { kind: 'built-in', name: 'health' },
  rateLimits: [],
  maxBodyBytes: 0,
  validate: undefined,
});

/** Strings that were cut from others, as those of real requests are: not the very ones that the matcher holds. */
const pathsOf = (count: number, end: string): readonly (readonly string[])[] =>
  Array.from({ length: count }, (_, index) => `${collections(index)}/${end}`.split('/').slice(1));

const timeEach = (
  match: ReturnType<typeof createMatcher>,
  paths: readonly (readonly string[])[],
): number => {
  const expected = match('GET', paths[0] ?? []).kind;
  const startedMs = performance.now();
  for (let index = 0; index < matches; index += 1) {
    const { kind } = match('GET', paths[index % paths.length] ?? []);
    if (kind !== expected) throw new Error(`${expected} was due, not ${kind}`);
  }
  return ((performance.now() - startedMs) * 1000) / matches;
};
