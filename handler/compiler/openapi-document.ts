import type { ErrorCode } from '../src/http/gateway-error.ts';
import { type ContractDocument, methods } from './document.ts';
import { addOwnResponses, type OwnResponses, type PublishedDocument } from './own-responses.ts';
import type { RoutePlan } from './plan.ts';

/**
 * The contract for its callers: without the settings that only the gateway needs, and with what it adds itself. Servers
 * that the document names are left out on all levels, because they are the services behind the gateway.
 */
export const openapiDocument = (
  document: ContractDocument,
  routes: readonly RoutePlan[],
  ofParts: ReadonlyMap<string, OwnResponses>,
): object => {
  // A document of its own, in which nothing is shared: a YAML alias is one object in two places.
  const published = JSON.parse(JSON.stringify(withoutSettings(document))) as PublishedDocument;
  addOwnResponses(
    published,
    new Map(
      routes.map((route) => {
        const { errors = [], ...own } = ofParts.get(route.id) ?? {};
        return [route.id, { ...own, errors: [...errorsOfPipeline(route), ...errors] }];
      }),
    ),
  );
  return {
    ...published,
    // Relative to where this document is served (OpenAPI 3.1, Server Object): right under every stage and domain.
    servers: [{ url: '.' }],
    paths: Object.fromEntries(
      // OpenAPI has no `{rest+}`; a parameter that contains slashes is the closest equivalent.
      Object.entries(published.paths ?? {}).map(([path, item]) => [
        path.replace('+}', '}'),
        withHead(item),
      ]),
    ),
  };
};

/** The errors of the steps that every request passes through. */
const errorsOfPipeline = ({ path, access }: RoutePlan): readonly ErrorCode[] => [
  'INTERNAL_ERROR',
  'DEADLINE_EXCEEDED',
  'GATEWAY_MISCONFIGURED',
  // The value of a parameter may make it the path of another route, or of none.
  ...(path.includes('{') ? (['BAD_PATH', 'ROUTE_NOT_FOUND', 'METHOD_NOT_ALLOWED'] as const) : []),
  ...(access.kind !== 'public' &&
  access.alternatives.every((methods) =>
    Object.values(methods).some((roles = []) => roles.length > 0),
  )
    ? (['ACCESS_DENIED'] as const)
    : []),
];

const withoutSettings = (document: ContractDocument): object => ({
  ...without(document),
  ...(document.components && {
    components: mapValues(document.components, (value, key) =>
      key === 'securitySchemes' ? mapValues(value as object, without) : value,
    ),
  }),
  paths: mapValues(document.paths ?? {}, (item) =>
    mapValues(without(item), (value, key) => (isMethod(key) ? without(value) : value)),
  ),
});

/** The gateway responds to HEAD wherever it responds to GET. */
const withHead = (item: Record<string, unknown>): object => {
  if (item['get'] === undefined || item['head'] !== undefined) return item;
  // An operationId is unique.
  return { ...item, head: { ...item['get'], operationId: undefined } };
};

const isMethod = (key: string): boolean => methods.some((method) => method === key);

const without = (owner: unknown): object =>
  Object.fromEntries(
    Object.entries(owner ?? {}).filter(([key]) => key !== 'x-postern' && key !== 'servers'),
  );

const mapValues = (
  owner: object,
  map: (value: unknown, key: string) => unknown,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(owner).map(([key, value]) => [key, map(value, key)]));
