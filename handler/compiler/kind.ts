import { nearest } from './nearest.ts';
import type { Path, Report } from './problem.ts';

/** The keys that name a kind, each with an example. */
export type Kinds = Readonly<Record<string, { readonly example: string }>>;

/** The key of a section that names its kind. None, or more than one, is a problem at `path`. */
export const kindOf = (
  section: object,
  kinds: Kinds,
  path: Path,
  report: Report,
): string | undefined => {
  const known = Object.keys(kinds);
  const named = known.filter((kind) => kind in section);
  if (named.length === 1) return named[0];
  // One that is misspelt is reported as an unknown key.
  if (named.length === 0 && Object.keys(section).some((key) => nearest(key, known)))
    return undefined;
  const owner = `"${String(path.at(-1))}"`;
  if (named.length > 1) {
    report(path, `${owner} names several kinds, ${named.join(' and ')} — keep one`, 'key');
    return undefined;
  }
  const examples = Object.values(kinds).map(({ example }) => `"${example}"`);
  report(path, `${owner} does not name its kind — add ${anyOf(examples)}`, 'key');
  return undefined;
};

const anyOf = (all: readonly string[]): string =>
  [all.slice(0, -1).join(', '), ...all.slice(-1)].filter((text) => text !== '').join(' or ');
