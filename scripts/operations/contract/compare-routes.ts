import { callersOf } from '../../../handler/compiler/callers-of.ts';
import { durationMs } from '../../../handler/compiler/duration.ts';
import type { ListedRoute } from '../../../handler/compiler/list-routes.ts';
import { admitsMore } from '../../../handler/compiler/admits-more.ts';
import { describeCache, describeTarget } from './describe-routes.ts';

export interface Change {
  /** Breaking: a request that is served today would not be. A warning deserves a look. */
  readonly level: 'breaking' | 'warning' | 'note';
  readonly route: string;
  readonly text: string;
}

/** What changes in routes that stay and OpenAPI does not say: who may call, limits and the target. */
export const compareRoutes = (
  before: readonly ListedRoute[],
  after: readonly ListedRoute[],
): readonly Change[] => {
  const formerByKey = new Map(before.map((route) => [keyOf(route), route]));
  return after.flatMap((route) => {
    const former = formerByKey.get(keyOf(route));
    return former === undefined ? [] : compareRoute(former, route);
  });
};

/** The names of parameters are no part of a request. */
const keyOf = ({ id }: ListedRoute): string => id.replaceAll(/\{[^{}+]*/g, '{');

const compareRoute = (before: ListedRoute, after: ListedRoute): readonly Change[] => {
  const changes: Change[] = [];
  const note = (level: Change['level'], what: string, from: string, to: string): void => {
    changes.push({ level, route: after.id, text: `${what}: ${from} → ${to}` });
  };
  if (admitsMore(before.access, after.access) || admitsMore(after.access, before.access)) {
    const level = admitsMore(before.access, after.access) ? 'breaking' : 'warning';
    note(level, 'callers', callersOf(before.access), callersOf(after.access));
  }
  if (before.maxBodyBytes !== after.maxBodyBytes) {
    const level = after.maxBodyBytes < before.maxBodyBytes ? 'breaking' : 'note';
    note(level, 'largest body', `${before.maxBodyBytes} bytes`, `${after.maxBodyBytes} bytes`);
  }
  // The gateway's own routes have the limits of the defaults: one change would be listed for each of them.
  const limited = after.definedAt === undefined ? [] : [before.rateLimits, after.rateLimits];
  const [former, rules] = limited.map(rulesOf);
  for (const name of new Set([...Object.keys(former ?? {}), ...Object.keys(rules ?? {})])) {
    const [from, to] = [former?.[name], rules?.[name]];
    if (describeRule(from) === describeRule(to)) continue;
    note(
      isStricter(from, to) ? 'breaking' : 'note',
      `rate limit ${name}`,
      describeRule(from),
      describeRule(to),
    );
  }
  const [target, newTarget] = [before.target, after.target].map(describeTarget);
  if (target !== newTarget)
    note(isReweighted(before, after) ? 'note' : 'warning', 'target', target ?? '', newTarget ?? '');
  if (before.target.kind !== 'built-in' && after.target.kind !== 'built-in') {
    const [from, to] = [before.target.timeoutMs, after.target.timeoutMs];
    if (from !== to) note(to < from ? 'warning' : 'note', 'timeout', `${from} ms`, `${to} ms`);
  }
  const [cache, newCache] = [before.cache, after.cache].map(describeCache);
  if (cache !== newCache) note('note', 'cache', cache ?? '', newCache ?? '');
  return changes;
};

/** Whether only the weights of the same upstreams differ, each of which may have got requests before. */
const isReweighted = (before: ListedRoute, after: ListedRoute): boolean => {
  const [former, next] = [before.target, after.target].map((target) =>
    target.kind === 'split'
      ? JSON.stringify([
          target.sticky,
          target.parts.map((part) => describeTarget(part.target)).toSorted(),
        ])
      : undefined,
  );
  return former !== undefined && former === next;
};

/** As the contract defines it; the compiler has checked it. */
interface Rule {
  readonly per: readonly string[];
  readonly limit: number;
  readonly window: string;
  readonly burst?: number;
  readonly mode?: 'enforce' | 'shadow';
}

const rulesOf = (rateLimits: ListedRoute['rateLimits']) =>
  rateLimits as Readonly<Record<string, Rule | undefined>>;

const describeRule = (rule: Rule | undefined): string => {
  if (rule === undefined) return 'none';
  const { per, limit, window, burst = limit, mode = 'enforce' } = rule;
  const words = `${limit}/${window} per ${per.toSorted().join(' and ')}, burst ${burst}`;
  return mode === 'shadow' ? `${words}, in shadow` : words;
};

/** Whether a caller can be refused who was not before. */
const isStricter = (before: Rule | undefined, after: Rule | undefined): boolean => {
  if (after === undefined || after.mode === 'shadow') return false;
  if (before === undefined || before.mode === 'shadow') return true;
  const rateOf = ({ limit, window }: Rule): number => limit / (durationMs(window) ?? 1);
  // More requests share a bucket if they need to have less in common.
  const isShared = !before.per.every((key) => after.per.includes(key));
  return (
    isShared ||
    rateOf(after) < rateOf(before) ||
    (after.burst ?? after.limit) < (before.burst ?? before.limit)
  );
};
