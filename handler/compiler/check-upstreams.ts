import type { ContractDocument } from './document.ts';
import { readDuration, timeoutRange } from './duration.ts';
import { kindOf, type Kinds } from './kind.ts';
import type { Report } from './problem.ts';

/** Checks the kind and the keys that upstreams of all kinds have. The part of each kind checks its own keys. */
export const checkUpstreams = (document: ContractDocument, kinds: Kinds, report: Report): void => {
  for (const [name, section] of Object.entries(document['x-postern']?.upstreams ?? {})) {
    if (section === undefined) continue;
    const path = ['x-postern', 'upstreams', name];
    kindOf(section, kinds, path, report);
    readDuration(section.timeout, timeoutRange, [...path, 'timeout'], report);
  }
};
