import type { ContractDocument } from './document.ts';
import { readDuration, timeoutRange } from './duration.ts';
import { kindOf } from './kind.ts';
import type { Path, Report } from './problem.ts';

/** The kinds of upstream, each with an example and the keys that such an upstream can have beside those of all kinds. */
export type UpstreamKindKeys = Readonly<
  Record<string, { readonly example: string; readonly keys: readonly string[] }>
>;

/** Checks the kind, and the keys that upstreams of all kinds have. The part of each kind checks its own keys. */
export const checkUpstreams = (
  document: ContractDocument,
  kinds: UpstreamKindKeys,
  report: Report,
): void => {
  for (const [name, section] of Object.entries(document['x-postern']?.upstreams ?? {})) {
    if (section === undefined) continue;
    const path = ['x-postern', 'upstreams', name];
    const kind = kindOf(section, kinds, path, report);
    readDuration(section.timeout, timeoutRange, [...path, 'timeout'], report);
    if (kind !== undefined) checkKeys(section, kind, { kinds, path, report });
  }
};

interface Surroundings {
  readonly kinds: UpstreamKindKeys;
  readonly path: Path;
  readonly report: Report;
}

/** A key of another kind would be ignored. */
const checkKeys = (section: object, kind: string, { kinds, path, report }: Surroundings): void => {
  for (const key of Object.keys(section)) {
    const owners = Object.keys(kinds).filter((each) => kinds[each]?.keys.includes(key));
    if (owners.length === 0 || owners.includes(kind)) continue;
    report(
      [...path, key],
      `"${key}" is for upstreams of the kind ${owners.join(' or ')}; "${path.at(-1)}" is ${kind}`,
      'key',
    );
  }
};
