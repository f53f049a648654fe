import type { ContractDocument, PathItem } from './document.ts';
import type { Report } from './problem.ts';
import { parsePathTemplate, type PathTemplate } from './path-template.ts';
import { builtInRoutes } from './built-in-routes.ts';

export interface PlannedPath {
  readonly path: string;
  readonly template: PathTemplate;
  readonly item: PathItem;
}

const builtIn = Symbol('built in');

/** The paths of the contract that requests can be led to. Of two that no request can tell apart the first stays. */
export const planPaths = ({ paths }: ContractDocument, report: Report): readonly PlannedPath[] => {
  const taken = new Map<string, string | typeof builtIn>(
    builtInRoutes.map(({ path }) => [path, builtIn]),
  );
  const planned: PlannedPath[] = [];
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
          ? 'is answered by the gateway itself — use another path'
          : `cannot be told from "${clash}" — use one path for both`;
      report(['paths', path], `"${path}" ${reason}`, 'key');
      continue;
    }
    taken.set(template.shape, path);
    planned.push({ path, template, item });
  }
  return planned;
};
