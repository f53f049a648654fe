import type { Match, Route } from '../contract.ts';
import { foldedSegment } from '../http/folded-text.ts';

export type MatchResult =
  | { readonly kind: 'match'; readonly match: Match }
  | { readonly kind: 'method-not-allowed'; readonly allow: readonly string[] }
  | { readonly kind: 'not-found' };

/**
 * Finds a request's route in time that depends on its path's length, not on how many routes there are.
 *
 * The path is matched before the method. From left to right, a literal segment has precedence over `{id}`, and `{id}`
 * over `{rest+}`; if a branch has no match, the next is tried. One slash at the end is ignored, so that `/admin/`
 * cannot bypass `/admin` by a wider route with weaker rules. HEAD uses the route of GET unless it has a separate one
 * (RFC 9110 §9.3.2).
 *
 * Nor can `/Admin`, which a service may read as `/admin`: if any segment is not a literal but folds to one, only routes
 * that allow folded paths match.
 */
export const createMatcher = (
  routes: readonly Route[],
): ((method: string, segments: readonly string[]) => MatchResult) => {
  const root = newNode();
  for (const route of routes) add(root, route);

  return (method, segments) => {
    const count =
      segments.length > 1 && segments.at(-1) === '' ? segments.length - 1 : segments.length;
    const search = { segments, count, isFolded: false };
    const endpoint = find(root, search, 0);
    if (endpoint === undefined) return { kind: 'not-found' };
    const route = endpoint.routes.get(method);
    if (search.isFolded && !allowsFoldedPath(endpoint, route)) return { kind: 'not-found' };
    if (route === undefined)
      return { kind: 'method-not-allowed', allow: [...endpoint.routes.keys()] };
    return { kind: 'match', match: { route, params: paramsOf(endpoint, segments) } };
  };
};

/** For a method without a route, checks whether another method has one at this path. */
const allowsFoldedPath = ({ routes }: Endpoint, route: Route | undefined): boolean =>
  route === undefined
    ? [...routes.values()].some((other) => other.allowsFoldedPath)
    : route.allowsFoldedPath === true;

interface Node {
  readonly literals: Map<string, Node>;
  readonly foldedLiterals: Set<string>;
  parameter: Node | undefined;
  rest: Endpoint | undefined;
  endpoint: Endpoint | undefined;
}

/** Where one path ends: its routes by method. */
interface Endpoint {
  readonly routes: Map<string, Route>;
  readonly parameters: readonly {
    readonly name: string;
    readonly index: number;
    readonly isRest: boolean;
  }[];
}

const newNode = (): Node => ({
  literals: new Map(),
  foldedLiterals: new Set(),
  parameter: undefined,
  rest: undefined,
  endpoint: undefined,
});

const add = (root: Node, route: Route): void => {
  const segments = route.path.split('/').slice(1);
  let node = root;
  for (const segment of segments) {
    if (isRest(segment)) return addRoute((node.rest ??= newEndpoint(segments)), route);
    node = isParameter(segment) ? (node.parameter ??= newNode()) : literal(node, segment);
  }
  addRoute((node.endpoint ??= newEndpoint(segments)), route);
};

const isParameter = (segment: string): boolean => segment.startsWith('{');
const isRest = (segment: string): boolean => segment.endsWith('+}');

const literal = (node: Node, segment: string): Node => {
  const existing = node.literals.get(segment);
  if (existing !== undefined) return existing;
  const created = newNode();
  node.literals.set(segment, created);
  node.foldedLiterals.add(foldedSegment(segment));
  return created;
};

const newEndpoint = (segments: readonly string[]): Endpoint => ({
  routes: new Map(),
  parameters: segments.flatMap((segment, index) =>
    isParameter(segment)
      ? [{ name: segment.slice(1, isRest(segment) ? -2 : -1), index, isRest: isRest(segment) }]
      : [],
  ),
});

const addRoute = ({ routes }: Endpoint, route: Route): void => {
  routes.set(route.method, route);
  if (route.method === 'GET' && !routes.has('HEAD')) routes.set('HEAD', route);
};

interface Search {
  readonly segments: readonly string[];
  readonly count: number;
  /** Whether a segment was found that only folds to a literal. */
  isFolded: boolean;
}

/** The first `count` segments below `node`, from `index` on. A node is visited at most once, so time stays linear. */
const find = (node: Node, search: Search, index: number): Endpoint | undefined => {
  const segment = search.segments[index];
  if (index === search.count || segment === undefined) return node.endpoint;
  const child = node.literals.get(segment);
  const byLiteral = child && find(child, search, index + 1);
  if (byLiteral !== undefined) return byLiteral;
  if (segment === '') return undefined;
  if (child === undefined && node.literals.size > 0) {
    search.isFolded ||= node.foldedLiterals.has(foldedSegment(segment));
  }
  const byParameter = node.parameter && find(node.parameter, search, index + 1);
  return byParameter ?? node.rest;
};

const paramsOf = (
  { parameters }: Endpoint,
  segments: readonly string[],
): Record<string, string> => {
  const params: Record<string, string> = {};
  for (const { name, index, isRest } of parameters) {
    params[name] = isRest ? segments.slice(index).join('/') : (segments[index] ?? '');
  }
  return params;
};
