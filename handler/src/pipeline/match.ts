import type { Match, ReadTemplate, Route, SegmentTemplate } from '../contract.ts';
import { foldedSegment } from '../http/folded-text.ts';

export type MatchResult =
  | { readonly kind: 'match'; readonly match: Match }
  | { readonly kind: 'method-not-allowed'; readonly allow: readonly string[] }
  | { readonly kind: 'not-found' };

/**
 * Finds a request's route in time that depends on its path's length, not on how many routes there are.
 *
 * The path is matched before the method. From left to right, a literal segment has precedence over `{id}.json`, of two
 * of which the one with more literal characters is tried first, that over `{id}`, and `{id}` over `{rest+}`; if a branch
 * has no match, the next is tried. One slash at the end is ignored, so that `/admin/`
 * cannot bypass `/admin` by a wider route with weaker rules. HEAD uses the route of GET unless it has a separate one
 * (RFC 9110 §9.3.2).
 *
 * Nor can `/Admin`, which a service may read as `/admin`: if any segment is not a literal but folds to one, only routes
 * that allow folded paths match.
 *
 * @param templateOf reads segments such as `{id}.json`; absent if no route has one.
 */
export const createMatcher = (
  routes: readonly Route[],
  templateOf?: ReadTemplate,
): ((method: string, segments: readonly string[]) => MatchResult) => {
  const root = newNode();
  for (const route of routes) add(root, route, templateOf);

  return (method, segments) => {
    const count =
      segments.length > 1 && segments.at(-1) === '' ? segments.length - 1 : segments.length;
    const search = { segments, count, isFolded: false };
    const endpoint = find(root, search, 0);
    if (endpoint === undefined) return { kind: 'not-found' };
    const found = endpoint.get(method);
    if (search.isFolded && !allowsFoldedPath(endpoint, found)) return { kind: 'not-found' };
    if (found === undefined) return { kind: 'method-not-allowed', allow: [...endpoint.keys()] };
    return { kind: 'match', match: { route: found.route, params: paramsOf(found, segments) } };
  };
};

/** For a method without a route, checks whether another method has one at this path. */
const allowsFoldedPath = (endpoint: Endpoint, found: EndedRoute | undefined): boolean =>
  found === undefined
    ? [...endpoint.values()].some(({ route }) => route.allowsFoldedPath)
    : found.route.allowsFoldedPath === true;

interface Node {
  readonly literals: Map<string, Node>;
  readonly foldedLiterals: Set<string>;
  /** The most specific first. */
  readonly templates: Array<{ readonly template: SegmentTemplate; readonly child: Node }>;
  parameter: Node | undefined;
  rest: Endpoint | undefined;
  endpoint: Endpoint | undefined;
}

/** Where paths that no request can distinguish end: their routes by method. */
type Endpoint = Map<string, EndedRoute>;

interface EndedRoute {
  readonly route: Route;
  readonly parameters: readonly {
    readonly name: string;
    readonly index: number;
    readonly isRest: boolean;
    /** Of a part of the segment. */
    readonly read?: (segment: string) => string | undefined;
  }[];
}

const newNode = (): Node => ({
  literals: new Map(),
  foldedLiterals: new Set(),
  templates: [],
  parameter: undefined,
  rest: undefined,
  endpoint: undefined,
});

const add = (root: Node, route: Route, templateOf: ReadTemplate | undefined): void => {
  // One slash at the end is ignored.
  const segments = route.path
    .replace(/(?<=.)\/$/, '')
    .split('/')
    .slice(1);
  const ended = { route, parameters: segments.flatMap(parametersOf(templateOf)) };
  let node = root;
  for (const segment of segments) {
    if (isRest(segment)) return addRoute((node.rest ??= newEndpoint()), ended);
    const template = templateOf?.(segment);
    if (template !== undefined) node = templated(node, template);
    else node = isParameter(segment) ? (node.parameter ??= newNode()) : literal(node, segment);
  }
  addRoute((node.endpoint ??= newEndpoint()), ended);
};

const templated = ({ templates }: Node, template: SegmentTemplate): Node => {
  const child = newNode();
  templates.push({ template, child });
  templates.sort((a, b) => b.template.weight - a.template.weight);
  return child;
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

const parametersOf =
  (templateOf: ReadTemplate | undefined) =>
  (segment: string, index: number): EndedRoute['parameters'] => {
    const template = templateOf?.(segment);
    if (template !== undefined)
      return template.names.map((name, at) => ({
        name,
        index,
        isRest: false,
        read: (text) => template.read(text)?.[at],
      }));
    return isParameter(segment)
      ? [{ name: segment.slice(1, isRest(segment) ? -2 : -1), index, isRest: isRest(segment) }]
      : [];
  };

const newEndpoint = (): Endpoint => new Map();

const addRoute = (endpoint: Endpoint, ended: EndedRoute): void => {
  const { method } = ended.route;
  endpoint.set(method, ended);
  if (method === 'GET' && !endpoint.has('HEAD')) endpoint.set('HEAD', ended);
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
  for (const { template, child } of node.templates) {
    const fits = template.read(segment) !== undefined;
    const byTemplate = fits ? find(child, search, index + 1) : undefined;
    if (byTemplate !== undefined) return byTemplate;
    search.isFolded ||= !fits && template.fitsFolded(segment);
  }
  const byParameter = node.parameter && find(node.parameter, search, index + 1);
  return byParameter ?? node.rest;
};

const paramsOf = (
  { parameters }: EndedRoute,
  segments: readonly string[],
): Record<string, string> => {
  const params: Record<string, string> = {};
  for (const { name, index, isRest, read } of parameters) {
    const segment = segments[index] ?? '';
    params[name] = isRest ? segments.slice(index).join('/') : (read?.(segment) ?? segment);
  }
  return params;
};
