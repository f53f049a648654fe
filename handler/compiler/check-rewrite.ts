import type { Path, Report } from './problem.ts';
import { suggestion } from './nearest.ts';
import { parsePathTemplate } from './path-template.ts';

/** A rewrite is a path like those of the contract, with the parameters of its route. */
export const checkRewrite = (
  rewrite: string,
  routePath: string,
  place: Path,
  report: Report,
): void => {
  if (!rewrite.startsWith('/')) {
    return report(place, `"${rewrite}" must start with / — the upstream's host is in its URL`);
  }
  // A service may need a slash at the end, which the gateway's own paths do not have.
  const parsed = parsePathTemplate(rewrite.length > 1 ? rewrite.replace(/\/$/, '') : rewrite);
  if ('problem' in parsed) return report(place, `"${rewrite}" ${parsed.problem}`);

  if (/\/\.[^/]*\{/.test(rewrite))
    return report(
      place,
      `"${rewrite}" could become a dot segment — start the segment with another character`,
    );

  const known = placeholdersOf(routePath);
  for (const placeholder of placeholdersOf(rewrite)) {
    if (known.includes(placeholder)) continue;
    report(place, `"${placeholder}" is not in the path${suggestion(placeholder, known)}`);
  }
};

const placeholdersOf = (template: string): readonly string[] => template.match(/\{[^}]*\}/g) ?? [];
