import type { UpstreamKindName, UpstreamTarget } from '../src/contract.ts';
import type { PlannedOperation } from './contract-part.ts';
import type { ContractDocument } from './document.ts';
import { durationMs } from './duration.ts';
import type { Report } from './problem.ts';
import { nearestSetting, type Setting } from './sections.ts';
import { upstreamParts } from './upstream-kinds.ts';

const defaultTimeoutMs = 10_000;

/** The upstream of an operation, its time limit, and what its kind adds. */
export const planTarget = (
  document: ContractDocument,
  operation: PlannedOperation,
  report: Report,
): UpstreamTarget => {
  const upstreams = document['x-postern']?.upstreams ?? {};
  const setting = nearestSetting(document, operation);
  const upstream = setting('upstream')?.value as string | undefined;
  const timeout = setting('timeout') as Setting<string> | undefined;
  if (upstream === undefined) report(operation.place, noUpstream(Object.keys(upstreams)), 'key');
  const section = upstreams[upstream ?? ''] ?? {};
  const kind = Object.keys(upstreamParts).find((each) => each in section) ?? '';
  for (const [other, { route = {} }] of Object.entries(upstreamParts)) {
    if (other === kind) continue;
    for (const key of Object.keys(route)) {
      const { at, path = [] } = setting(key) ?? {};
      if (kind !== '' && at !== undefined && at !== 'defaults')
        report(
          path,
          `"${key}" is for upstreams of the kind ${other}; "${upstream}" is ${kind}`,
          'key',
        );
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

const noUpstream = ([first]: readonly string[]): string => {
  const example = `upstream: ${first ?? '…'}`;
  return `this operation has no upstream — add "x-postern: { ${example} }" here, or "${example}" to x-postern.defaults for every operation that names none`;
};
