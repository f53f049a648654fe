import { literal } from '../../../compiler/code.ts';
import {
  contractPart,
  type Located,
  type PlannedOperation,
  type PlannedRoute,
  type Said,
} from '../../../compiler/contract-part.ts';
import type { ContractDocument, Parameter } from '../../../compiler/document.ts';
import { durationSchema, readDuration } from '../../../compiler/duration.ts';
import { gatherParameters } from '../../../compiler/gather-parameters.ts';
import { mappedSchemes } from '../../../compiler/mapped-schemes.ts';
import { suggestion } from '../../../compiler/nearest.ts';
import type { Path, Report } from '../../../compiler/problem.ts';
import { follow } from '../../../compiler/references.ts';
import { nearestSetting } from '../../../compiler/sections.ts';
import { byTarget } from '../../upstreams/split/routes-by-target.ts';
import { isWithheld } from '../../http/withheld-headers.ts';
import { purgesKey } from '../../stores/cache/purge-list.ts';
import type { CachePlan } from './cache-key.ts';

const names = <const D extends string>(description: D) =>
  ({ type: 'array', items: { type: 'string' }, description }) as const;

const cache = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ttl: {
      ...durationSchema,
      description:
        'How long a response is fresh whose service says nothing about it, from 1s to 30d. What a service says has precedence. Absent: such responses are not stored.',
      examples: ['5m'],
    },
    vary: {
      type: 'object',
      additionalProperties: false,
      description: 'What a response depends on, beside the path and the `Vary` of the service.',
      properties: {
        headers: names('Request headers.'),
        query: names(
          'Parameters of the query; the service gets no others. Absent: the whole query counts.',
        ),
        caller: {
          type: 'boolean',
          default: true,
          description:
            'Whether a response that is not for every caller is stored, for its own caller alone. `false`: only responses are stored whose service says `public` or `s-maxage`, or that are for requests without credentials.',
        },
      },
    },
    store: {
      type: 'string',
      enum: ['memory', 'table'],
      default: 'memory',
      description:
        '`table`: execution environments share responses of up to 398 KiB in a table of DynamoDB, behind the memory of each.',
    },
  },
} as const;

type Setting = Said<typeof cache>;

export default contractPart({
  folder: 'features/cache',
  route: {
    cache: {
      if: { const: false },
      else: cache,
      default: false,
      description:
        'Responses of GET are stored and used again (RFC 9111). Operations of GET have it.',
    },
  },
  compile: ({ document, routes, nearest, everywhere, report, warn }) => {
    const ttls = new Map<unknown, number | undefined>();
    for (const { value, path } of everywhere('cache'))
      if (value !== false) ttls.set(value, readTtl(value, path, report));
    const byRoute = new Map<string, CachePlan>();
    for (const route of routes) {
      const { plan, operation } = route;
      const setting = operation && nearest(operation, 'cache');
      if (operation === undefined || setting === undefined || setting.value === false) continue;
      const { value, path } = setting;
      const reason = uselessness(document, route);
      if (reason !== undefined) {
        if (isOwn(path, operation)) report(path, `${reason} — remove "cache"`, 'key');
        continue;
      }
      refuseLimitHeaders(document, operation, report);
      byRoute.set(
        plan.id,
        planOf({ value, path }, document, operation, ttls.get(value), report, warn),
      );
    }
    if (byRoute.size === 0) return () => ({});
    const isInTable = [...byRoute.values()].some((plan) => plan.isInTable);
    const changing = new Set(
      routes.filter((route) => changesCached(route, byRoute)).map(({ plan }) => plan.id),
    );
    return ({ use, useStore }) => ({
      feature: use('cache', 'cache.ts'),
      aroundUpstreams: use('withCache', 'cache.ts'),
      stores: {
        cachePurges: useStore('dynamoDbCachePurges', 'cache/dynamodb-purges.ts'),
        ...(isInTable && {
          cachedResponses: useStore('dynamoDbCachedResponses', 'cache/dynamodb-responses.ts'),
        }),
      },
      permissions: [
        isInTable
          ? { store: 'cache', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] }
          : { store: 'cache', leadingKeys: [purgesKey], actions: ['dynamodb:GetItem'] },
      ],
      route: (id) => {
        const plan = byRoute.get(id);
        return {
          ...(plan && { cache: literal(plan) }),
          ...(changing.has(id) && { changesCached: 'true' }),
        };
      },
      responses: (id) =>
        byRoute.has(id)
          ? {
              errors: ['NOT_CACHED'],
              headers: {
                'Cache-Status': {
                  description: 'How the cache handled the request (RFC 9211)',
                  schema: { type: 'string' },
                },
                Age: {
                  description:
                    'Seconds since the service sent the response, if it is from the cache',
                  schema: { type: 'integer' },
                },
              },
            }
          : {},
    });
  },
});

/** Whether a request by this route may change what the table has for its path. */
const changesCached = (
  { plan: { method, path } }: PlannedRoute,
  byRoute: ReadonlyMap<string, CachePlan>,
): boolean =>
  method !== 'GET' && method !== 'OPTIONS' && byRoute.get(`GET ${path}`)?.isInTable === true;

/** Whether the gateway itself reads the object of S3. */
const isProxied = (document: ContractDocument, operation: PlannedRoute['operation']): boolean =>
  operation !== undefined &&
  (nearestSetting(document, operation)('s3')?.value as { transfer?: string } | undefined)
    ?.transfer === 'proxied';

/** In seconds. */
const readTtl = (
  { ttl }: Exclude<Setting, false>,
  path: Path,
  report: Report,
): number | undefined => {
  const ms = readDuration(ttl, { min: '1s', max: '30d' }, [...path, 'ttl'], report);
  return ms === undefined ? undefined : ms / 1_000;
};

const isOwn = (path: Path, { method }: PlannedOperation): boolean => path[2] === method;

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

const planOf = (
  { value, path }: Located<Exclude<Setting, false>>,
  document: ContractDocument,
  operation: PlannedOperation,
  ttlSeconds: number | undefined,
  report: Report,
  warn: Report,
): CachePlan => {
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
    ...(ttlSeconds !== undefined && { ttlSeconds }),
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
