import type { ContractDocument } from './document.ts';
import { readDuration, timeoutRange } from './duration.ts';
import { suggestion } from './nearest.ts';
import type { Report } from './problem.ts';
import { sectionsOf } from './sections.ts';
import { bodySizeRange, readSize } from './size.ts';

/** The settings of the document's defaults, its paths and operations, whether or not an operation uses them. */
export const checkSections = (document: ContractDocument, report: Report): void => {
  const { upstreams = {} } = document['x-postern'] ?? {};
  for (const { section = {}, path } of sectionsOf(document)) {
    const { timeout, maxBodySize, upstream } = section;
    readDuration(timeout, timeoutRange, [...path, 'timeout'], report);
    readSize(maxBodySize, bodySizeRange, [...path, 'maxBodySize'], report);
    if (upstream !== undefined && !Object.hasOwn(upstreams, upstream)) {
      const hint = suggestion(upstream, Object.keys(upstreams));
      report([...path, 'upstream'], `unknown upstream "${upstream}"${hint}`);
    }
  }
};
