import type {
  Located,
  PlannedOperation,
  PlannedRoute,
  Said,
} from '../../../../compiler/contract-part.ts';
import type { ContractDocument, Parameter } from '../../../../compiler/document.ts';
import { durationMs } from '../../../../compiler/duration.ts';
import { gatherParameters } from '../../../../compiler/gather-parameters.ts';
import { mappedSchemes } from '../../../../compiler/mapped-schemes.ts';
import { suggestion } from '../../../../compiler/nearest.ts';
import type { Path, Report } from '../../../../compiler/problem.ts';
import { follow } from '../../../../compiler/references.ts';
import { nearestSetting, type Setting } from '../../../../compiler/sections.ts';
import { byTarget } from '../../../upstreams/split/routes-by-target.ts';
import { isWithheld } from '../../../http/withheld-headers.ts';
import type { CachePlan } from '../cache-key.ts';
import type { cache } from './cache-setting.ts';

type Cache = Said<typeof cache>;

/** What is stored of the responses of a route; nothing where its operation has no cache, or can have none. */
export const planCache = (
  document: ContractDocument,
  route: PlannedRoute,
  { report, warn }: { readonly report: Report; readonly warn: Report },
): CachePlan | undefined => {
  const { operation } = route;
  const setting =
    operation &&
    (nearestSetting(document, operation)('cache') as Setting<Cache | false> | undefined);
  if (operation === undefined || setting === undefined || setting.value === false) return undefined;
  const { value, path, at } = setting;
  const reason = uselessness(document, route);
  if (reason !== undefined) {
    // Defaults are for the operations that can have it.
    if (at === 'operation') report(path, `${reason} — remove "cache"`, 'key');
    return undefined;
  }
  refuseLimitHeaders(document, operation, report);
  return planOf({ value, path }, { document, operation, report, warn });
};

/** Whether the gateway itself reads the object of S3. */
const isProxied = (document: ContractDocument, operation: PlannedRoute['operation']): boolean =>
  operation !== undefined &&
  (nearestSetting(document, operation)('s3')?.value as { transfer?: string } | undefined)
    ?.transfer === 'proxied';

/** Why responses of the route cannot be stored. */
const uselessness = (
  document: ContractDocument,
  { plan, operation }: PlannedRoute,
): string | undefined => {
  const { method, target } = plan;
  if (method !== 'GET') return `only responses of GET are stored, not those of ${method}`;
  if (target.kind === 'built-in' || target.kind === 'respond')
    return 'the gateway itself responds, as fast as from a cache';
  if (target.kind === 'combine')
    return 'the response is made for each request; the operations that it combines can have a cache';
  if (target.kind === 's3' && !isProxied(document, operation))
    return 'each response is a URL that is signed for one caller';
  const names = byTarget(plan).flatMap((each) =>
    each.target.kind === 'built-in' ? [] : [each.target.upstream],
  );
  const starting = names.find(
    (name) => document['x-postern']?.upstreams?.[name]?.['session'] === 'start',
  );
  return starting && `"${starting}" starts sessions, and its responses are for one caller`;
};

/** What the service says of limits is about one request, and true at one moment. */
const refuseLimitHeaders = (
  document: ContractDocument,
  { operation, place }: PlannedOperation,
  report: Report,
): void => {
  const { responses } = operation as { readonly responses?: Readonly<Record<string, unknown>> };
  for (const [status, value] of Object.entries(responses ?? {})) {
    const path = [...place, 'responses', status];
    const response = follow<{ readonly headers?: object }>(document, { value, path });
    for (const name of Object.keys(response?.value.headers ?? {}))
      if (/^[23]/.test(status) && /^(?:x-)?rate-?limit/i.test(name))
        report(
          [...(response?.path ?? path), 'headers', name],
          `"${name}" tells each caller what is left of a limit, which a stored response cannot — remove the header, or set "cache: false"`,
          'key',
        );
  }
};

interface Surroundings {
  readonly document: ContractDocument;
  readonly operation: PlannedOperation;
  readonly report: Report;
  readonly warn: Report;
}

const planOf = (
  { value, path }: Located<Cache>,
  { document, operation, report, warn }: Surroundings,
): CachePlan => {
  const ttlMs = durationMs(value.ttl);
  const { headers = [], query, caller } = value.vary ?? {};
  const parameters = parametersOf(document, operation);
  const declared = (place: 'header' | 'query') =>
    parameters.flatMap((each) => (each.in === place && each.name !== undefined ? each.name : []));
  const varyHeaders = headers.flatMap((written, index) => {
    if (written === undefined) return [];
    const name = written.toLowerCase();
    checkHeader(name, [...path, 'vary', 'headers', index], declared('header'), report, warn);
    return name;
  });
  const varyQuery = query?.flatMap((name, index) => {
    if (name === undefined) return [];
    checkParameter(name, [...path, 'vary', 'query', index], declared('query'), report);
    return name;
  });
  const credentials = mappedSchemes(document).flatMap(({ definition }) => {
    const { type, in: place, name } = definition as Readonly<Record<string, unknown>>;
    return type === 'apiKey' && typeof name === 'string' ? [{ place, name }] : [];
  });
  const credentialHeaders = credentials
    .filter(({ place }) => place === 'header')
    .map(({ name }) => name.toLowerCase());
  const keysInQuery = credentials.filter(({ place }) => place === 'query').map(({ name }) => name);
  return {
    ...(ttlMs !== undefined && { ttlSeconds: ttlMs / 1_000 }),
    ...(varyHeaders.length > 0 && { headers: varyHeaders }),
    ...(varyQuery !== undefined && { query: [...new Set([...varyQuery, ...keysInQuery])] }),
    ...(caller === false && { sharedOnly: true }),
    ...(credentialHeaders.length > 0 && { credentialHeaders }),
    ...(value.store === 'table' && { isInTable: true }),
  };
};

const parametersOf = (
  document: ContractDocument,
  { item, operation, place }: PlannedOperation,
): readonly Parameter[] =>
  gatherParameters(
    document,
    [
      { list: item.parameters ?? [], path: [...place.slice(0, 2), 'parameters'] },
      { list: operation.parameters ?? [], path: [...place, 'parameters'] },
    ],
    () => undefined,
  ).parameters.map(({ value }) => value);

const checkHeader = (
  name: string,
  path: Path,
  declared: readonly string[],
  report: Report,
  warn: Report,
): void => {
  if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name))
    report(path, `"${name}" is not the name of a header`);
  else if (name === 'authorization' || name === 'cookie' || isWithheld(name))
    report(
      path,
      name === 'authorization' || name === 'cookie'
        ? `"${name}" says who the caller is, which "vary.caller" is for`
        : `the service does not get "${name}" from the client`,
    );
  else if (
    !negotiating.has(name) &&
    !declared.some((parameter) => parameter.toLowerCase() === name)
  )
    warn(path, `"${name}" is no header parameter of the operation${suggestion(name, declared)}`);
};

const negotiating: ReadonlySet<string> = new Set([
  ...['accept', 'accept-encoding', 'accept-language', 'origin', 'prefer', 'user-agent'],
]);

const checkParameter = (
  name: string,
  path: Path,
  declared: readonly string[],
  report: Report,
): void => {
  if (!declared.includes(name))
    report(path, `"${name}" is no query parameter of the operation${suggestion(name, declared)}`);
};
