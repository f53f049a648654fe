import type { Said, PlannedRoute } from '../../../../compiler/contract-part.ts';
import type { ContractDocument } from '../../../../compiler/document.ts';
import { durationMs } from '../../../../compiler/duration.ts';
import type { Report } from '../../../../compiler/problem.ts';
import { nearestSetting, type Setting } from '../../../../compiler/sections.ts';
import type { UpstreamTarget } from '../../../contract.ts';
import { safeMethods } from '../../../http/safe-methods.ts';
import { byTarget } from '../../../upstreams/split/routes-by-target.ts';
import type { MirrorPlan } from '../mirror.ts';
import type { mirror } from './mirror-key.ts';

type Mirror = Exclude<Said<typeof mirror>, false>;

/** What is copied of the requests of a route; nothing where its operation has no mirror, or can have none. */
export const planMirror = (
  document: ContractDocument,
  { plan, operation }: PlannedRoute,
  report: Report,
): MirrorPlan | undefined => {
  if (operation === undefined) return undefined;
  const found = nearestSetting(document, operation)('mirror') as
    Setting<Mirror | false> | undefined;
  if (found === undefined || found.value === false) return undefined;
  const { upstream = '', percent = 0, timeout } = found.value;
  const kind = kindOf(document['x-postern']?.upstreams?.[upstream]);
  if (kind === undefined || !applies(found.value, found, plan, report)) return undefined;
  const timeoutMs = durationMs(timeout) ?? 5_000;
  // The path that the upstream of the route has, or each of several.
  const [rewrite] = byTarget(plan).flatMap(({ target }) =>
    'rewrite' in target && target.rewrite !== undefined ? [target.rewrite] : [],
  );
  const mirror: UpstreamTarget<'http' | 'lambda'> =
    kind === 'http' ? { kind, upstream, timeoutMs, rewrite } : { kind, upstream, timeoutMs };
  return { permille: Math.round(percent * 10), target: mirror };
};

/** The kinds that keep nothing of a request. */
export const kindOf = (upstream: object | undefined): 'http' | 'lambda' | undefined =>
  (['http', 'lambda'] as const).find((kind) => kind in (upstream ?? {}));

/** What an operation says itself is a mistake where it has no effect; defaults are for those that can have it. */
const applies = (
  { upstream = '', unsafe }: Mirror,
  { path, at }: Setting<unknown>,
  plan: PlannedRoute['plan'],
  report: Report,
): boolean => {
  const isOwn = at === 'operation';
  const { target, id, method } = plan;
  if (!('upstream' in target) || target.upstream === target.kind) {
    if (isOwn) report(path, `${id} has no upstream whose requests could be copied`, 'key');
    return false;
  }
  if (byTarget(plan).some(({ target: own }) => 'upstream' in own && own.upstream === upstream)) {
    report(
      [...path, 'upstream'],
      `"${upstream}" is the upstream of ${id} itself — name another one, or add "mirror: false" to the operation`,
    );
    return false;
  }
  if (safeMethods.has(method) || unsafe === 'allow') return true;
  if (isOwn)
    report(
      path,
      `${method} may change something a second time — add "unsafe: allow" if the mirror may do that, or remove "mirror"`,
      'key',
    );
  return false;
};
