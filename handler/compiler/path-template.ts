export interface PathTemplate {
  readonly parameters: readonly string[];
  /** Equal for two paths that no request can distinguish. */
  readonly shape: string;
}

/** Reads a path of the contract. Its problem is returned as the end of a sentence. */
export const parsePathTemplate = (path: string): PathTemplate | { readonly problem: string } => {
  const segments = path.split('/').slice(1);
  const parameters: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const problem = problemOf(segment, isLast, segments.length === 1);
    if (problem !== undefined) return { problem };
    const name = parameterName(segment);
    if (name !== undefined && parameters.includes(name))
      return { problem: `names "${name}" twice` };
    if (name !== undefined) parameters.push(name);
  }
  return { parameters, shape: path.replaceAll(/\{[^}+]*/g, '{') };
};

/** `{id}` or `{rest+}`, whose names become keys of plain objects. */
const parameter = /^\{([A-Za-z][A-Za-z0-9_-]*)\+?\}$/;

/** RFC 3986 §3.3 `pchar`, without percent-encoding. */
const literal = /^[A-Za-z0-9._~!$&'()*+,;=:@-]+$/;

const parameterName = (segment: string): string | undefined => parameter.exec(segment)?.[1];

const problemOf = (segment: string, isLast: boolean, isRoot: boolean): string | undefined => {
  if (segment === '') {
    if (isRoot) return undefined;
    return isLast
      ? 'ends with a slash — leave it out: a slash at the end of a request is ignored'
      : 'has an empty segment, which no request can have';
  }
  if (segment === '.' || segment === '..') return `has a "${segment}", which no request can have`;
  if (parameter.test(segment)) {
    return segment.endsWith('+}') && !isLast
      ? `goes on after ${segment}, which takes the rest`
      : undefined;
  }
  if (/[{}]/.test(segment)) {
    return `has "${segment}" — a parameter fills a whole segment and is named by letters, digits, _ and -, such as {user_id} or {rest+}`;
  }
  return literal.test(segment)
    ? undefined
    : `has "${segment}" — a segment has letters, digits and . _ ~ ! $ & ' ( ) * + , ; = : @ - only`;
};
