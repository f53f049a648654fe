import type { Path, Report } from './problem.ts';

/** The key of a section that names its kind. None, or more than one, is a problem at `path`. */
export const kindOf = <K extends string>(
  section: object,
  kinds: Readonly<Record<K, { readonly example: string }>>,
  path: Path,
  report: Report,
): K | undefined => {
  const named = (Object.keys(kinds) as K[]).filter((kind) => kind in section);
  if (named.length === 1) return named[0];
  const owner = `"${String(path.at(-1))}"`;
  if (named.length > 1) {
    report(path, `${owner} names several kinds, ${named.join(' and ')} — keep one`, 'key');
    return undefined;
  }
  const examples = Object.values<{ readonly example: string }>(kinds).map(
    ({ example }) => `"${example}"`,
  );
  report(path, `${owner} does not name its kind — add ${examples.join(' or ')}`, 'key');
  return undefined;
};
