import type { PlannedOperation } from './contract-part.ts';
import { type ContractDocument, methods } from './document.ts';
import type { Path, Report } from './problem.ts';
import { parsePathTemplate } from './path-template.ts';
import { builtInRoutes } from './built-in-routes.ts';

/** The operations that requests can reach. Of two that no request can distinguish, the first is kept. */
export const planOperations = (
  document: ContractDocument,
  report: Report,
  warn: Report,
): readonly PlannedOperation[] => {
  const builtIn = new Map<string, string>();
  const taken = new Map<string, string>();
  const planned: PlannedOperation[] = [];
  for (const { path, key } of builtInRoutes(document)) {
    const place = ['x-postern', 'builtIn', key, 'path'];
    // Those of one key may have a path in common, with several methods.
    if ((builtIn.get(path) ?? key) !== key) report(place, `"${path}" is taken — use another path`);
    builtIn.set(path, key);
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
    const own = builtIn.get(template.shape);
    if (own !== undefined) {
      report(
        ['paths', path],
        `"${path}" is served by the gateway itself — give its own route another path: "builtIn: { ${own}: { path: /gateway${path} } }" in the x-postern of the contract`,
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
          `"${id}" matches the same paths as "${clash}" — use one path for both`,
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
