import type { Target } from '../src/contract.ts';
import { checkRewrite } from './check-rewrite.ts';
import type { ContractDocument, Operation } from './document.ts';
import { durationMs, readDuration, timeoutRange } from './duration.ts';
import type { Path, Report } from './problem.ts';
import { suggestion } from './nearest.ts';

const defaultTimeoutMs = 10_000;

/** Which service answers an operation, where, and within what time. */
export const planTarget = (
  document: ContractDocument,
  operation: Operation,
  operationPath: Path,
  routePath: string,
  report: Report,
): Target => {
  const { rewrite, timeout } = operation['x-postern'] ?? {};
  const { upstreams = {}, defaults = {} } = document['x-postern'] ?? {};
  const place = (key: string): Path => [...operationPath, 'x-postern', key];

  const upstream = chooseUpstream(document, operation, operationPath, report);
  if (rewrite !== undefined) checkRewrite(rewrite, routePath, place('rewrite'), report);
  return {
    kind: 'upstream',
    upstream,
    rewrite,
    timeoutMs:
      readDuration(timeout, timeoutRange, place('timeout'), report) ??
      durationMs(upstreams[upstream]?.timeout) ??
      durationMs(defaults.timeout) ??
      defaultTimeoutMs,
  };
};

const chooseUpstream = (
  document: ContractDocument,
  operation: Operation,
  operationPath: Path,
  report: Report,
): string => {
  const { upstreams = {}, defaults = {} } = document['x-postern'] ?? {};
  const own = operation['x-postern']?.upstream;
  const names = Object.keys(upstreams);
  if (own !== undefined && !names.includes(own)) {
    const place = [...operationPath, 'x-postern', 'upstream'];
    report(place, `unknown upstream "${own}"${suggestion(own, names)}`);
  }
  const chosen = own ?? defaults.upstream;
  if (chosen === undefined) {
    const example = `upstream: ${names[0] ?? '…'}`;
    report(
      operationPath,
      `no upstream answers this — add "x-postern: { ${example} }" here, or "${example}" to x-postern.defaults for every operation that names none`,
      'key',
    );
  }
  return chosen ?? '';
};
