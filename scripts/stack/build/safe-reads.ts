import type { Route } from '../../../handler/src/contract.ts';
import { fillTemplate } from '../../../handler/src/http/upstream-path.ts';
import { byTarget } from '../../../handler/src/upstreams/split/routes-by-target.ts';
import type { Read } from '../../../load-test/lib/input.ts';
import type { BuiltContract } from './built-contract.ts';
import { isOwnTarget } from './built-in-path.ts';
import { CommandError } from '../command-line/command-error.ts';
import { gatherParameters } from '../../../handler/compiler/gather-parameters.ts';
import { follow } from '../../../handler/compiler/references.ts';
import { sessionAlternatives } from './session-alternatives.ts';

/** A GET of the contract that can be sent without knowing more than the contract says. */
export interface SafeRead extends Read {
  readonly upstream: string;
  /** A session with all the roles of one of these may send it. Absent: it needs none. */
  readonly alternatives?: ReadonlyArray<readonly string[]>;
}

export interface SafeReads {
  readonly reads: readonly SafeRead[];
  /** The GET routes that are left out, each with the reason. */
  readonly leftOut: readonly string[];
}

/**
 * Every GET route of the contract that has an upstream, with its required parameters filled in from their examples
 * (`example`, `examples`, `default`, `const` or the first of `enum`). It changes nothing at a service that keeps to
 * RFC 9110 §9.2.1.
 */
export const safeReads = ({ contract, openapi }: BuiltContract): SafeReads => {
  const document = JSON.parse(openapi) as ReadDocument;
  const reads: SafeRead[] = [];
  const leftOut: string[] = [];
  for (const route of contract.routes) {
    if (route.method !== 'GET' || isOwnTarget(route.target)) continue;
    const read = readOf(route, document);
    if (typeof read === 'string') leftOut.push(`${route.id} is left out: ${read}`);
    else reads.push(read);
  }
  return { reads, leftOut };
};

/** The published document. */
export interface ReadDocument {
  readonly paths?: Readonly<Record<string, PathItem | undefined>>;
}

interface PathItem {
  readonly parameters?: readonly unknown[];
  readonly get?: { readonly parameters?: readonly unknown[] };
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required?: boolean;
  readonly explode?: boolean;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly schema?: unknown;
}

/** Of the path and of its GET, which overrides the path's (OpenAPI 3.1, Operation Object). */
const parametersOf = (
  document: ReadDocument,
  path: string,
  sample: (schema: unknown) => unknown = () => undefined,
): readonly Parameter[] => {
  // The published document has no `+` for the remainder of a path.
  const item = document.paths?.[path.replaceAll('+}', '}')];
  const lists = [item?.parameters ?? [], item?.get?.parameters ?? []];
  const { parameters } = gatherParameters(
    document,
    lists.map((list) => ({ list, path: [] })),
    () => undefined, // The compiler has reported what is wrong with them.
  );
  return parameters.map(({ value }) => {
    const parameter = value as Parameter;
    const example = exampleOf(document, parameter);
    return { ...parameter, example: example ?? sample(parameter.schema) };
  });
};

const exampleOf = (document: ReadDocument, { example, examples, schema }: Parameter): unknown => {
  const own = followed<Record<string, unknown>>(document, schema) ?? {};
  const [first] = Object.values(examples ?? {});
  return (
    example ??
    followed<{ value?: unknown }>(document, first)?.value ??
    own['example'] ??
    (own['examples'] as readonly unknown[] | undefined)?.[0] ??
    own['default'] ??
    own['const'] ??
    (own['enum'] as readonly unknown[] | undefined)?.[0]
  );
};

const followed = <T>(document: ReadDocument, value: unknown): T | undefined =>
  follow<T>(document, { value, path: [] })?.value;

/** The read, or why there is none. `sample` makes values of schemas without an example. */
export const readOf = (
  route: Route,
  document: ReadDocument,
  sample?: (schema: unknown) => unknown,
): SafeRead | string => {
  // Any of several upstreams may respond; the first stands for them.
  const [{ target } = route] = byTarget(route);
  if (isOwnTarget(target)) return 'the gateway itself responds';
  const { upstream } = target;
  const parameters = parametersOf(document, route.path, sample);
  const alternatives = sessionAlternatives(route.access);
  if (route.access.kind === 'signed-in' && alternatives.length === 0)
    return 'a session is not enough to sign in';
  const needed = parameters.filter((each) => each.in === 'path' || each.required === true);
  const unknown = needed.filter(({ example }) => example === undefined);
  if (unknown.length > 0) {
    const names = unknown.map((each) => `"${each.name}" (in ${each.in})`).join(', ');
    return `give ${names} an \`example\` in the contract`;
  }
  const values = (place: Parameter['in']): readonly Parameter[] =>
    needed.filter((each) => each.in === place);
  const params = Object.fromEntries(values('path').map((each) => [each.name, text(each.example)]));
  const query = values('query').flatMap(queryPairs).join('&');
  const headers = Object.fromEntries(
    values('header').map((each) => [each.name.toLowerCase(), text(each.example)]),
  );
  const cookies = values('cookie').map((each) => `${each.name}=${text(each.example)}`);
  const violations = route.validate?.({ params, query, headers, cookies, body: undefined }) ?? [];
  const [violation] = violations;
  if (violation !== undefined) {
    return 'name' in violation
      ? `the example of "${violation.name}" (in ${violation.in}) ${violation.detail}`
      : `the body ${violation.detail}`;
  }
  const cookieHeader = cookies.length === 0 ? {} : { cookie: cookies.join('; ') };
  return {
    route: route.id,
    path: fillTemplate(route.path, params) + (query === '' ? '' : `?${query}`),
    headers: { ...headers, ...cookieHeader },
    upstream,
    isSignedIn: route.access.kind === 'signed-in',
    limits: route.rateLimits.map(({ name }) => name),
    limitedBy: limiterOf(route),
    ...(route.access.kind === 'signed-in' && { alternatives }),
  };
};

const text = (example: unknown): string =>
  [example]
    .flat()
    .map((each) => (typeof each === 'string' ? each : JSON.stringify(each)))
    .join(',');

/** `form` with `explode`, OpenAPI's default for queries, repeats the name. */
const queryPairs = ({ name, example, explode = true }: Parameter): readonly string[] =>
  (explode ? [example].flat() : [text(example)]).map(
    (each) => `${encodeURIComponent(name)}=${encodeURIComponent(text(each))}`,
  );

/**
 * Whose requests share a bucket with this one: the widest of its limits. A rule per caller counts addresses on a public
 * route.
 */
const limiterOf = ({ rateLimits, access }: Route): Read['limitedBy'] => {
  const isSignedIn = access.kind === 'signed-in';
  const kinds = rateLimits.map(({ per }): Read['limitedBy'] => {
    if (per.includes('caller') && isSignedIn) return 'caller';
    return per.includes('ip') || per.includes('caller') ? 'address' : 'route';
  });
  const widest = (['route', 'address', 'caller'] as const).find((kind) => kinds.includes(kind));
  return widest ?? 'nothing';
};

/**
 * What load is made of. All of it comes from one address, so routes whose limit counts by address or by route are used
 * only where there are no others. Throws a `CommandError` where there is nothing to read.
 */
export const readsForLoad = ({ reads, leftOut }: SafeReads): readonly [SafeRead, ...SafeRead[]] => {
  const unshared = reads.filter(
    ({ limitedBy }) => limitedBy === 'caller' || limitedBy === 'nothing',
  );
  const [first, ...others] = unshared.length > 0 ? unshared : reads;
  if (first === undefined) {
    const why = leftOut.length === 0 ? 'It has no GET route with an upstream.' : leftOut.join('\n');
    throw new CommandError(`The contract has no route that can be read as it is. ${why}`);
  }
  return [first, ...others];
};

/** Roles with which each of these can be read. */
export const rolesFor = (reads: readonly SafeRead[]): readonly string[] => [
  ...new Set(reads.flatMap(({ alternatives: [roles = []] = [] }) => roles)),
];
