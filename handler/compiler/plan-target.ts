import type { UpstreamKindName, UpstreamTarget } from '../src/contract.ts';
import type { PlannedOperation } from './contract-part.ts';
import type { ContractDocument } from './document.ts';
import { durationMs } from './duration.ts';
import type { Report } from './problem.ts';
import { nearestSetting, type NearestSetting, type Setting } from './sections.ts';
import { targetKeys, upstreamParts } from './upstream-kinds.ts';

const defaultTimeoutMs = 10_000;

/** What responds to an operation, its time limit, and what its kind adds. */
export const planTarget = (
  document: ContractDocument,
  operation: PlannedOperation,
  report: Report,
): UpstreamTarget => {
  const upstreams = document['x-postern']?.upstreams ?? {};
  const setting = nearestSetting(document, operation);
  const key = targetKeyOf(setting, report);
  if (key === undefined) report(operation.place, noUpstream(Object.keys(upstreams)), 'key');
  const ownKind = targetKeys.get(key ?? '');
  const upstream = ownKind === undefined ? (setting('upstream')?.value as string | undefined) : key;
  const timeout = setting('timeout') as Setting<string> | undefined;
  const section = ownKind === undefined ? (upstreams[upstream ?? ''] ?? {}) : {};
  const kind = ownKind ?? Object.keys(upstreamParts).find((each) => each in section) ?? '';
  for (const [other, { route = {} }] of Object.entries(upstreamParts)) {
    if (other === kind) continue;
    for (const each of Object.keys(route)) {
      const { at, path = [] } = setting(each) ?? {};
      if (kind === '' || at === undefined || at === 'defaults') continue;
      // What a path says is for those of its operations that have an upstream.
      if (ownKind !== undefined && at === 'path') continue;
      const own = ownKind === undefined ? `"${upstream}" is ${kind}` : `this has "${key}"`;
      report(path, `"${each}" is for upstreams of the kind ${other}; ${own}`, 'key');
    }
  }
  // The upstream's own setting has precedence over the document's.
  const [nearer, farther] =
    timeout?.at === 'defaults' ? [undefined, timeout] : [timeout, undefined];
  const target = {
    kind: kind as UpstreamKindName,
    upstream: upstream ?? '',
    timeoutMs:
      durationMs(nearer?.value) ??
      durationMs(section.timeout) ??
      durationMs(farther?.value) ??
      defaultTimeoutMs,
  };
  return {
    ...target,
    ...upstreamParts[kind]?.target?.(operation, setting, report),
  } as UpstreamTarget;
};

/** The one of the keys for targets that counts: the one in the nearest section that has any. */
const targetKeyOf = (setting: NearestSetting, report: Report): string | undefined => {
  const said = [...targetKeys.keys()].flatMap((key) => {
    const found = setting(key);
    return found === undefined ? [] : [{ key, ...found }];
  });
  for (const at of ['operation', 'path', 'defaults']) {
    const [first, second] = said.filter((each) => each.at === at);
    if (first === undefined) continue;
    if (second !== undefined)
      report(
        second.path,
        `"${first.key}" and "${second.key}" both say what responds — keep one`,
        'key',
      );
    return first.key;
  }
  return undefined;
};

const noUpstream = ([first]: readonly string[]): string => {
  const example = `upstream: ${first ?? '…'}`;
  return `this operation has no upstream — add "x-postern: { ${example} }" here, or "${example}" to x-postern.defaults for every operation that names none`;
};
