import type { PlannedOperation } from './contract-part.ts';
import { type ContractDocument, methods } from './document.ts';
import type { Path, Report } from './problem.ts';
import { parsePathTemplate } from './path-template.ts';
import { builtInRoutes } from './built-in-routes.ts';

const builtIn = Symbol('built in');

/** The operations that requests can reach. Of two that no request can distinguish, the first is kept. */
export const planOperations = (
  document: ContractDocument,
  report: Report,
  warn: Report,
): readonly PlannedOperation[] => {
  const taken = new Map<string, string | typeof builtIn>();
  const planned: PlannedOperation[] = [];
  for (const { path, place } of builtInRoutes(document)) {
    if (taken.has(path)) report([...place, 'path'], `"${path}" is taken — use another path`);
    taken.set(path, builtIn);
  }
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    if (!path.startsWith('/') || item === undefined) continue;
    if (/[?#]/.test(path)) {
      const sign = path.includes('#') ? '#' : '?';
      warn(
        ['paths', path],
        `"${path}" has no route: a request's path ends before the ${sign}`,
        'key',
      );
      continue;
    }
    const template = parsePathTemplate(path);
    if ('problem' in template) {
      report(['paths', path], `"${path}" ${template.problem}`, 'key');
      continue;
    }
    if (taken.get(template.shape) === builtIn) {
      report(
        ['paths', path],
        `"${path}" is served by the gateway itself — use another path`,
        'key',
      );
      continue;
    }
    const { query, trace, additionalOperations } = item;
    for (const [method, operation] of Object.entries({ query, trace, ...additionalOperations })) {
      if (operation === undefined) continue;
      const place = ['query', 'trace'].includes(method)
        ? [method]
        : ['additionalOperations', method];
      warn(
        ['paths', path, ...place],
        `"${method.toUpperCase()} ${path}" has no route: the gateway has none for this method`,
        'key',
      );
    }
    for (const method of methods) {
      const operation = item[method];
      if (operation === undefined) continue;
      const id = `${method.toUpperCase()} ${path}`;
      const place: Path = ['paths', path, method];
      const key = `${method} ${template.shape}`;
      const clash = taken.get(key);
      if (clash !== undefined) {
        report(
          place,
          `"${id}" matches the same paths as "${String(clash)}" — use one path for both`,
          'key',
        );
        continue;
      }
      taken.set(key, id);
      planned.push({ id, path, template, item, method, operation, place });
    }
  }
  return planned;
};
