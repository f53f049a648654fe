import { type ContractDocument, methods } from './document.ts';
import type { Path, Report } from './problem.ts';
import { nearest } from './nearest.ts';

/** Checks rules between operations, and finds misspelt names of the extension that Postern reads. */
export const checkOperations = (document: ContractDocument, report: Report): void => {
  const ids = new Map<string, string>();
  checkExtensions(document, [], report);
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    checkExtensions(item ?? {}, ['paths', path], report);
    for (const method of methods) {
      const operation = item?.[method];
      if (operation === undefined) continue;
      const operationPath = ['paths', path, method];
      checkExtensions(operation, operationPath, report);
      const { operationId } = operation;
      if (operationId === undefined) continue;
      const first = ids.get(operationId);
      if (first === undefined) ids.set(operationId, `${method.toUpperCase()} ${path}`);
      else
        report(
          [...operationPath, 'operationId'],
          `operationId "${operationId}" is taken by ${first}`,
        );
    }
  }
};

/** Any `x-` key is allowed, so a typo in this one would be silently ignored. */
const checkExtensions = (owner: object, path: Path, report: Report): void => {
  for (const key of Object.keys(owner)) {
    if (key !== 'x-postern' && key.startsWith('x-') && nearest(key, ['x-postern']) !== undefined) {
      report([...path, key], `unknown key "${key}" — did you mean "x-postern"?`, 'key');
    }
  }
};
