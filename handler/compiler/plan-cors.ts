import {
  type ContractDocument,
  type CorsSection,
  methods,
  type Operation,
  type PathItem,
} from './document.ts';
import { durationMs, readDuration } from './duration.ts';
import type { Path, Report } from './problem.ts';

/** What API Gateway answers preflights with. `${name}` in an origin stands for a value that the environment's tfvars give. */
export interface CorsPolicy {
  readonly allow_origins: readonly string[];
  readonly allow_methods: readonly string[];
  readonly allow_headers: readonly string[];
  readonly expose_headers: readonly string[];
  readonly allow_credentials: boolean;
  readonly max_age_seconds: number;
}

const defaults = {
  allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowHeaders: ['authorization', 'content-type', 'idempotency-key'],
  exposeHeaders: ['ratelimit', 'ratelimit-policy', 'retry-after', 'x-request-id'],
  maxAge: '10m',
};

const place = ['x-postern', 'defaults', 'cors'];

/** The document's one policy; undefined where pages of other origins may do nothing. */
export const planCors = (document: ContractDocument, report: Report): CorsPolicy | undefined => {
  refuseElsewhere(document, report);
  const cors = document['x-postern']?.defaults?.cors ?? false;
  if (cors === false) return undefined;
  const { allowCredentials = false, maxAge = defaults.maxAge } = cors;
  const origins = [cors.allowOrigins ?? []].flat().filter(isSaid);
  const listOf = (key: 'allowMethods' | 'allowHeaders' | 'exposeHeaders') =>
    cors[key]?.filter(isSaid) ?? defaults[key];
  const policy = {
    allow_origins: origins,
    allow_methods: listOf('allowMethods'),
    allow_headers: listOf('allowHeaders').map((name) => name.toLowerCase()),
    expose_headers: listOf('exposeHeaders').map((name) => name.toLowerCase()),
    allow_credentials: allowCredentials,
    max_age_seconds: secondsOf(maxAge, report),
  };
  if (allowCredentials) refuseWildcards(cors, report);
  return policy;
};

const secondsOf = (maxAge: string, report: Report): number => {
  const path = [...place, 'maxAge'];
  const ms = readDuration(maxAge, { min: '1s', max: '1d' }, path, report) ?? durationMs('10m') ?? 0;
  if (ms % 1_000 !== 0) report(path, `"maxAge" is ${maxAge}; it has whole seconds`);
  return ms / 1_000;
};

/** Fetch, "CORS protocol and credentials": browsers take no `*` together with credentials. */
const refuseWildcards = (cors: CorsSection, report: Report): void => {
  for (const key of ['allowOrigins', 'allowMethods', 'allowHeaders', 'exposeHeaders'] as const) {
    if (![cors[key] ?? []].flat().some((entry) => entry?.includes('*'))) continue;
    report(
      [...place, key],
      `"${key}" has "*", which browsers refuse with "allowCredentials: true"`,
    );
  }
};

const refuseElsewhere = ({ paths }: ContractDocument, report: Report): void => {
  for (const [path, item] of Object.entries(paths ?? {})) {
    const places: ReadonlyArray<readonly [owner: PathItem | Operation | undefined, path: Path]> = [
      [item, ['paths', path]],
      ...methods.map((method) => [item?.[method], ['paths', path, method]] as const),
    ];
    for (const [owner, ownerPath] of places) {
      if (owner?.['x-postern']?.cors === undefined) continue;
      report(
        [...ownerPath, 'x-postern', 'cors'],
        '"cors" is one policy for the whole document — write it in x-postern.defaults',
        'key',
      );
    }
  }
};

const isSaid = (entry: string | undefined): entry is string => entry !== undefined;

/** The names of the values that the texts refer to as `${name}`, each once. */
export const valueNames = (texts: readonly string[]): readonly string[] => [
  ...new Set(
    texts.flatMap((text) => [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, name = '']) => name)),
  ),
];
