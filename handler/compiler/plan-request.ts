import type { ContractDocument, methods, Operation, PathItem } from './document.ts';
import type { RequestPlan } from './plan.ts';

/** The `request` section nearest to an operation: its own, its path's or that of the defaults, as a whole. */
export const planRequest = (
  document: ContractDocument,
  item: PathItem,
  { method, operation }: { method: (typeof methods)[number]; operation: Operation },
): RequestPlan => {
  const {
    foldedPath = 'deny',
    undeclaredBody = carriesContent.has(method) ? 'allow' : 'deny',
    undeclaredQuery = 'allow',
  } = operation['x-postern']?.request ??
  item['x-postern']?.request ??
  document['x-postern']?.defaults?.request ??
  {};
  return { foldedPath, undeclaredBody, undeclaredQuery };
};

/**
 * RFC 9110 §9.3 gives content no meaning on the others. A service that does not read it takes it for the next request
 * of its connection.
 */
const carriesContent: ReadonlySet<string> = new Set(['post', 'put', 'patch']);
