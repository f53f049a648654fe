import { callersOf } from '../../../handler/compiler/callers-of.ts';
import type { ListedRoute } from '../../../handler/compiler/list-routes.ts';
import type { Target } from '../../../handler/src/contract.ts';
import { columns } from '../../stack/command-line/columns.ts';

/** A table for a terminal, with the plugins if there are any. */
export const describeRoutes = (routes: readonly ListedRoute[]): string => {
  const hasPlugins = routes.some(({ plugins }) => plugins.length > 0);
  const rows = [
    [
      ...['METHOD', 'PATH', 'CALLERS', 'RATE LIMITS'],
      ...(hasPlugins ? ['PLUGINS'] : []),
      ...['TARGET', 'DEFINED AT'],
    ],
    ...routes.map(({ method, path, access, rateLimits, plugins, definedAt, ...route }) => [
      method,
      path,
      callersOf(access),
      Object.entries(rateLimits).map(describeLimit).join(', ') || '-',
      ...(hasPlugins ? [plugins.join(', ') || '-'] : []),
      describeDestination(route),
      definedAt ?? 'built in',
    ]),
  ];
  return columns(rows);
};

const describeDestination = ({
  target,
  mirror,
  cache,
}: Pick<ListedRoute, 'target' | 'mirror' | 'cache'>): string => {
  const notes = [
    ...(mirror ? [`${mirror.percent} % also to ${mirror.upstream}`] : []),
    ...(cache ? [`cache: ${describeCache(cache)}`] : []),
  ];
  return describeTarget(target) + (notes.length === 0 ? '' : ` (${notes.join('; ')})`);
};

export const describeCache = (cache: ListedRoute['cache']): string => {
  if (cache === undefined) return 'none';
  return cache.ttlSeconds === undefined ? 'what the service allows' : `${cache.ttlSeconds} s`;
};

/** The compiler has checked it. */
const describeLimit = ([name, rule]: readonly [string, unknown]): string => {
  const { limit, window } = rule as { readonly limit: number; readonly window: string };
  return `${name} ${limit}/${window}`;
};

export const describeTarget = (target: Target): string => {
  if (target.kind === 'built-in') return 'gateway';
  if (target.kind === 'split') {
    const total = target.parts.reduce((sum, { weight }) => sum + weight, 0);
    const shares = target.parts.map(
      (part) => `${describeTarget(part.target)} ${percentOf(part.weight, total)}`,
    );
    return `${shares.join(', ')}${target.sticky === undefined ? '' : `, by ${target.sticky}`}`;
  }
  const rewrite = 'rewrite' in target ? target.rewrite : undefined;
  return rewrite === undefined ? target.upstream : `${target.upstream} ${rewrite}`;
};

/** Of a weight, with at most two decimals: `33.33 %`. */
export const percentOf = (weight: number, total: number): string =>
  `${Math.round((weight / total) * 10_000) / 100} %`;
