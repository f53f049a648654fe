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
  const said = ownKind === undefined ? setting('upstream')?.value : key;
  const list = partsOf(said);
  const names = list?.map(({ name }) => name) ?? [typeof said === 'string' ? said : ''];
  const sectionOf = (name: string) => (ownKind === undefined ? (upstreams[name] ?? {}) : {});
  const kindOf = (name: string): string => {
    const section = sectionOf(name);
    return ownKind ?? Object.keys(upstreamParts).find((each) => each in section) ?? '';
  };
  const kinds = names.map(kindOf);
  for (const [other, { route = {} }] of Object.entries(upstreamParts)) {
    if (kinds.includes(other)) continue;
    for (const each of Object.keys(route)) {
      const { at, path = [] } = setting(each) ?? {};
      if (kinds.includes('') || at === undefined || at === 'defaults') continue;
      // What a path says is for those of its operations that have an upstream.
      if (ownKind !== undefined && at === 'path') continue;
      const own =
        ownKind === undefined
          ? names.map((name, index) => `"${name}" is ${kinds[index]}`).join(' and ')
          : `this has "${key}"`;
      report(path, `"${each}" is for upstreams of the kind ${other}; ${own}`, 'key');
    }
  }
  // The upstream's own setting has precedence over the document's.
  const timeout = setting('timeout') as Setting<string> | undefined;
  const [nearer, farther] =
    timeout?.at === 'defaults' ? [undefined, timeout] : [timeout, undefined];
  const targetOf = (upstream: string): UpstreamTarget => {
    const kind = kindOf(upstream);
    const target = {
      kind: kind as UpstreamKindName,
      upstream,
      timeoutMs:
        durationMs(nearer?.value) ??
        durationMs(sectionOf(upstream).timeout) ??
        durationMs(farther?.value) ??
        defaultTimeoutMs,
    };
    return {
      ...target,
      ...upstreamParts[kind]?.target?.(operation, setting, report),
    } as UpstreamTarget;
  };
  return list === undefined
    ? targetOf(names[0] ?? '')
    : splitTarget(
        list.map(({ name, weight }) => ({ weight, target: targetOf(name) })),
        setting('sticky')?.value,
      );
};

/** Of a list of upstreams, without what is missing or invalid, which is reported. */
const partsOf = (said: unknown) =>
  Array.isArray(said)
    ? (said as readonly SaidPart[]).flatMap((part) => {
        const { name, weight } = part ?? {};
        return name === undefined || weight === undefined ? [] : [{ name, weight }];
      })
    : undefined;

type SaidPart = { readonly name?: string; readonly weight?: number } | undefined;

const splitTarget = (
  parts: UpstreamTarget<'split'>['parts'],
  sticky: unknown,
): UpstreamTarget<'split'> => ({
  kind: 'split',
  upstream: parts
    .map(({ target }) => target.upstream)
    .toSorted()
    .join(','),
  // One that is tried after another has what is left.
  timeoutMs: Math.max(...parts.map(({ target }) => target.timeoutMs)),
  parts,
  ...(typeof sticky === 'string' && { sticky: sticky as 'caller' | 'cookie' }),
});

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
