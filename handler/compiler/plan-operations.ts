import type { PlannedOperation } from './contract-part.ts';
import { type ContractDocument, methods } from './document.ts';
import type { Report } from './problem.ts';
import { parsePathTemplate } from './path-template.ts';
import { builtInRoutes } from './built-in-routes.ts';

const builtIn = Symbol('built in');

/** The operations that requests can reach. Of two paths that no request can distinguish, the first is kept. */
export const planOperations = (
  { paths }: ContractDocument,
  report: Report,
): readonly PlannedOperation[] => {
  const taken = new Map<string, string | typeof builtIn>(
    builtInRoutes.map(({ path }) => [path, builtIn]),
  );
  const planned: PlannedOperation[] = [];
  for (const [path, item] of Object.entries(paths ?? {})) {
    if (!path.startsWith('/') || item === undefined) continue;
    const template = parsePathTemplate(path);
    if ('problem' in template) {
      report(['paths', path], `"${path}" ${template.problem}`, 'key');
      continue;
    }
    const clash = taken.get(template.shape);
    if (clash !== undefined) {
      const reason =
        clash === builtIn
          ? 'is served by the gateway itself — use another path'
          : `matches the same requests as "${clash}" — use one path for both`;
      report(['paths', path], `"${path}" ${reason}`, 'key');
      continue;
    }
    taken.set(template.shape, path);
    for (const method of methods) {
      const operation = item[method];
      if (operation === undefined) continue;
      const id = `${method.toUpperCase()} ${path}`;
      planned.push({ id, path, template, item, method, operation, place: ['paths', path, method] });
    }
  }
  return planned;
};
