import type { UpstreamPolicy } from '../src/contract.ts';
import type { ContractDocument, UpstreamSection } from './document.ts';
import { readDuration, timeoutRange } from './duration.ts';
import { kindOf } from './kind.ts';
import type { Path, Report } from './problem.ts';
import { readSize } from './size.ts';

export const planUpstreams = (
  document: ContractDocument,
  report: Report,
): readonly UpstreamPolicy[] =>
  Object.entries(document['x-postern']?.upstreams ?? {}).map(([name, section]) => {
    const path = ['x-postern', 'upstreams', name];
    if (section !== undefined) kindOf(section, upstreamKinds, path, report);
    return planUpstream(name, section ?? {}, path, report);
  });

const upstreamKinds = { http: { example: 'http: {}' } };

const planUpstream = (
  name: string,
  { timeout, retries, breaker, allowedHosts, maxHeaderSize, session }: UpstreamSection,
  path: Path,
  report: Report,
): UpstreamPolicy => {
  readDuration(timeout, timeoutRange, [...path, 'timeout'], report);
  const openForMs = readDuration(
    breaker?.openFor,
    { min: '1s', max: '1h' },
    [...path, 'breaker', 'openFor'],
    report,
  );
  const maxHeaderBytes = readSize(
    maxHeaderSize,
    { min: '1KiB', max: '64KiB' },
    [...path, 'maxHeaderSize'],
    report,
  );
  return {
    name,
    urlVariable: `UPSTREAM_${name.toUpperCase().replaceAll('-', '_')}_SERVICE_URL`,
    allowedHosts: (allowedHosts ?? []).filter((host) => host !== undefined),
    retries: retries ?? 1,
    breaker: { failures: breaker?.failures ?? 5, openSeconds: (openForMs ?? 10_000) / 1_000 },
    maxHeaderBytes: maxHeaderBytes ?? 8_192,
    startsSessions: session === 'start',
  };
};
