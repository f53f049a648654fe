import type { Target } from '../../handler/src/contract/contract.ts';
import type { ContractDocument, Operation } from './document.ts';
import { durationMs, readDuration, timeoutRange } from './duration.ts';
import type { Path, Report } from './fault.ts';
import { suggestion } from './nearest.ts';
import { parsePathTemplate, type PathTemplate } from './path-template.ts';

const defaultTimeoutMs = 10_000;

/** Which service answers an operation, where, and within what time. */
export const planTarget = (
  document: ContractDocument,
  operation: Operation,
  operationPath: Path,
  template: PathTemplate,
  report: Report,
): Target => {
  const { upstreams = {}, defaults = {} } = document['x-postern'] ?? {};
  const own = operation['x-postern'] ?? {};
  const ownPath = [...operationPath, 'x-postern'];

  const upstream = own.upstream ?? defaults.upstream;
  const names = Object.keys(upstreams);
  if (upstream === undefined) {
    report(
      operationPath,
      `no upstream answers this — add "x-postern: { upstream: ${names[0] ?? '…'} }"`,
      'key',
    );
  } else if (own.upstream !== undefined && !names.includes(own.upstream)) {
    report(
      [...ownPath, 'upstream'],
      `unknown upstream "${own.upstream}"${suggestion(own.upstream, names)}`,
    );
  }
  if (own.rewrite !== undefined)
    checkRewrite(own.rewrite, template, [...ownPath, 'rewrite'], report);

  return {
    kind: 'upstream',
    upstream: upstream ?? '',
    rewrite: own.rewrite,
    timeoutMs:
      readDuration(own.timeout, timeoutRange, [...ownPath, 'timeout'], report) ??
      durationMs(upstreams[upstream ?? '']?.timeout) ??
      durationMs(defaults.timeout) ??
      defaultTimeoutMs,
  };
};

const checkRewrite = (
  rewrite: string,
  { parameters }: PathTemplate,
  path: Path,
  report: Report,
): void => {
  if (!rewrite.startsWith('/'))
    return report(path, `"${rewrite}" must start with / — the upstream's host is in its URL`);
  // A service may need the slash at the end that the gateway's own paths go without.
  const parsed = parsePathTemplate(rewrite.length > 1 ? rewrite.replace(/\/$/, '') : rewrite);
  if ('fault' in parsed) return report(path, `"${rewrite}" ${parsed.fault}`);
  for (const name of parsed.parameters) {
    if (!parameters.includes(name)) {
      report(path, `"{${name}}" is no parameter of this path${suggestion(name, parameters)}`);
    }
  }
};
