import type { ContractDocument, OperationSection } from './document.ts';
import { methods } from './document.ts';
import { readDuration, timeoutRange } from './duration.ts';
import { suggestion } from './nearest.ts';
import type { Path, Report } from './problem.ts';
import { bodySizeRange, readSize } from './size.ts';

/** The settings of the document's defaults, its paths and operations, whether or not an operation uses them. */
export const checkSections = (document: ContractDocument, report: Report): void => {
  const { upstreams = {} } = document['x-postern'] ?? {};
  for (const [section, path] of sectionsOf(document)) {
    const { timeout, maxBodySize, upstream } = section;
    readDuration(timeout, timeoutRange, [...path, 'timeout'], report);
    readSize(maxBodySize, bodySizeRange, [...path, 'maxBodySize'], report);
    if (upstream !== undefined && !Object.hasOwn(upstreams, upstream)) {
      const hint = suggestion(upstream, Object.keys(upstreams));
      report([...path, 'upstream'], `unknown upstream "${upstream}"${hint}`);
    }
  }
};

type Located = readonly [section: OperationSection, path: Path];

const sectionsOf = (document: ContractDocument): readonly Located[] =>
  [
    [document['x-postern']?.defaults, ['x-postern', 'defaults']] as const,
    ...Object.entries(document.paths ?? {}).flatMap(([path, item]) => [
      [item?.['x-postern'], ['paths', path, 'x-postern']] as const,
      ...methods.map(
        (method) => [item?.[method]?.['x-postern'], ['paths', path, method, 'x-postern']] as const,
      ),
    ]),
  ].flatMap(([section, path]): readonly Located[] =>
    section === undefined ? [] : [[section, path]],
  );
