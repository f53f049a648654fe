export interface PathTemplate {
  readonly parameters: readonly string[];
  /** Equal for two paths that no request can distinguish. */
  readonly shape: string;
  /** The path as requests have it: with decoded literals. */
  readonly path: string;
}

/** Reads a path of the contract. Its problem is returned as the end of a sentence. */
export const parsePathTemplate = (written: string): PathTemplate | { readonly problem: string } => {
  const path = decodedPath(written);
  // A slash at the end of a request is ignored.
  const segments = path
    .replace(/(?<=.)\/$/, '')
    .split('/')
    .slice(1);
  const parameters: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const problem = problemOf(segment, isLast, segments.length === 1);
    if (problem !== undefined) return { problem };
    for (const name of namesIn(segment)) {
      if (parameters.includes(name)) return { problem: `names "${name}" twice` };
      parameters.push(name);
    }
  }
  return {
    parameters,
    shape: `/${segments.join('/').replaceAll(/\{[^}+]*/g, '{')}`,
    path,
  };
};

const decodedPath = (path: string): string => {
  try {
    return path
      .split('/')
      .map((segment) => {
        const decoded = decodeURIComponent(segment);
        return decoded.includes('/') ? segment : decoded;
      })
      .join('/');
  } catch {
    return path;
  }
};

/** Their names become keys of plain objects. */
const namesIn = (segment: string): readonly string[] =>
  Array.from(segment.matchAll(/\{([^{}]*?)\+?\}/g), ([, name = '']) => name);

const parameter = /^\{[^{}]*\}$/;

const name = /^[^{}+*?#/\s]+$/;

/** Characters of a decoded segment. A server may end a segment at the others. */
const literal = /^[^{}%?#;\\\u0000-\u001f\u007f]*$/;

const problemOf = (segment: string, isLast: boolean, isRoot: boolean): string | undefined => {
  if (segment === '') return isRoot ? undefined : 'has an empty segment, which no request can have';
  if (segment === '.' || segment === '..') return `has a "${segment}", which no request can have`;
  const literals = segment.split(/\{[^{}]*\}/);
  if (!literals.every((text) => literal.test(text)))
    return `has "${segment}" — beside parameters, a segment has no ? # % ; \\ { } and no control characters`;
  const wrong = namesIn(segment).find((each) => !name.test(each) || each === '__proto__');
  if (wrong !== undefined)
    return `has "${segment}" — name a parameter without spaces and + * ? # /, such as {user_id} or {rest+}`;
  if (!segment.includes('+}')) {
    return literals.slice(1, -1).includes('')
      ? `has "${segment}" — put a character between two parameters, which a request cannot tell apart`
      : undefined;
  }
  if (!parameter.test(segment))
    return `has "${segment}" — a parameter for the rest of the path is a whole segment`;
  return isLast ? undefined : `goes on after ${segment}, which takes the rest`;
};
