/** A policy as the compiler has it: the form of an HTTP API's own configuration. */
export interface CorsPolicy {
  /** Origins, `*`, or patterns such as `https://*`. */
  readonly allow_origins: readonly string[];
  readonly allow_methods: readonly string[];
  readonly allow_headers: readonly string[];
  readonly expose_headers: readonly string[];
  readonly allow_credentials: boolean;
  readonly max_age_seconds: number;
}

/** The origin to name in the response, `*` if any may see it. Undefined: the origin is not allowed. */
export const allowedOrigin = (
  { allow_origins, allow_credentials }: Pick<CorsPolicy, 'allow_origins' | 'allow_credentials'>,
  origin: string,
): string | undefined => {
  const pattern = allow_origins.find((each) => matches(each, origin));
  if (pattern === undefined) return undefined;
  return pattern === '*' && !allow_credentials ? '*' : origin;
};

/** A `*` in a pattern stands for any host. */
const matches = (pattern: string, origin: string): boolean => {
  if (pattern === '*') return true;
  const [before = '', after] = pattern.toLowerCase().split('*', 2);
  const given = origin.toLowerCase();
  return after === undefined
    ? given === before
    : given.length > before.length + after.length &&
        given.startsWith(before) &&
        given.endsWith(after);
};
