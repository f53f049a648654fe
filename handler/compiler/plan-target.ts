import type { UpstreamKindName, UpstreamTarget } from '../src/contract.ts';
import { checkRewrite } from './check-rewrite.ts';
import { upstreamKinds } from './check-upstreams.ts';
import type { ContractDocument, UpstreamSection } from './document.ts';
import { durationMs } from './duration.ts';
import type { NearestSetting } from './sections.ts';
import type { Path, Report } from './problem.ts';

const defaultTimeoutMs = 10_000;

/** The service of an operation, its path there, and its time limit. */
export const planTarget = (
  document: ContractDocument,
  setting: NearestSetting,
  { path, place }: { readonly path: string; readonly place: Path },
  report: Report,
): UpstreamTarget => {
  const upstreams = document['x-postern']?.upstreams ?? {};
  const upstream = setting('upstream')?.value;
  const rewrite = setting('rewrite');
  const timeout = setting('timeout');
  if (upstream === undefined) report(place, noUpstream(Object.keys(upstreams)), 'key');
  if (rewrite !== undefined) checkRewrite(rewrite.value, path, rewrite.path, report);
  // The upstream's own setting has precedence over the document's.
  const [nearer, farther] =
    timeout?.at === 'defaults' ? [undefined, timeout] : [timeout, undefined];
  const section: UpstreamSection = upstreams[upstream ?? ''] ?? {};
  const kind = Object.keys(upstreamKinds).find((each) => each in section);
  return {
    kind: kind as UpstreamKindName,
    upstream: upstream ?? '',
    rewrite: rewrite?.value,
    timeoutMs:
      durationMs(nearer?.value) ??
      durationMs(upstreams[upstream ?? '']?.timeout) ??
      durationMs(farther?.value) ??
      defaultTimeoutMs,
  };
};

const noUpstream = ([first]: readonly string[]): string => {
  const example = `upstream: ${first ?? '…'}`;
  return `no upstream answers this — add "x-postern: { ${example} }" here, or "${example}" to x-postern.defaults for every operation that names none`;
};
