import { callersOf } from './callers-of.ts';
import { groupBy } from './group-by.ts';
import { admitsMore } from './admits-more.ts';
import { segmentTemplate } from '../src/pipeline/segment-template.ts';
import type { Report } from './problem.ts';
import type { RoutePlan } from './plan.ts';

/**
 * Warns of a route that includes the paths of a narrower route and accepts more callers: a service that reads a path in
 * another way than the gateway would serve the narrower path to them.
 */
export const warnOfWiderRoutes = (routes: readonly RoutePlan[], warn: Report): void => {
  const located = routes.map((route) => ({ route, segments: route.path.split('/').slice(1) }));
  const wideOnes = located.filter(({ segments }) => segments.some(isPlaceholder));
  // Thousands of routes have few kinds of access.
  const byAccess = groupBy(located, ({ route }) => JSON.stringify([route.method, route.access]));
  for (const { route: wide, segments } of wideOnes) {
    const narrower = [...byAccess.values()].filter(
      ([first]) =>
        first?.route.method === wide.method && admitsMore(wide.access, first.route.access),
    );
    for (const { route: narrow, segments: inner } of narrower.flat()) {
      if (!surrounds(segments, inner)) continue;
      warn(
        ['paths', wide.id.slice(wide.method.length + 1), wide.method.toLowerCase()],
        `"${wide.id}" admits ${callersOf(wide.access)}, and "${narrow.id}", whose paths are among its own, ${callersOf(narrow.access)}: a service that reads paths in another way serves it to all of them — give both the same "security", or take them apart`,
        'key',
      );
    }
  }
};

/** Whether every path of `inner` also matches `outer`, if literals did not have precedence. */
const surrounds = (outer: readonly string[], inner: readonly string[]): boolean => {
  const hasRest = outer.at(-1)?.endsWith('+}') === true;
  if (hasRest ? inner.length < outer.length : inner.length !== outer.length) return false;
  return outer.every((segment, index) => includes(segment, inner[index] ?? ''));
};

const includes = (outer: string, inner: string): boolean =>
  outer === inner ||
  /^\{[^{}]*\}$/.test(outer) ||
  segmentTemplate(outer)?.read(inner) !== undefined;

const isPlaceholder = (segment: string): boolean => segment.includes('{');
