import { type ContractDocument, methods } from './document.ts';

/** The public contract, without the parts that only the gateway needs. */
export const openapiDocument = (document: ContractDocument): object => ({
  ...withoutPostern(document),
  // Relative to where this document is served (OpenAPI 3.1, Server Object): right under every stage and domain.
  servers: document.servers ?? [{ url: '.' }],
  ...(document.components && {
    components: mapValues(document.components, (value, key) =>
      key === 'securitySchemes'
        ? mapValues(value as object, (scheme) => withoutPostern(scheme as object))
        : value,
    ),
  }),
  paths: Object.fromEntries(
    // OpenAPI has no `{rest+}`; a parameter that contains slashes is the closest equivalent.
    Object.entries(document.paths ?? {}).map(([path, item]) => [
      path.replace('+}', '}'),
      mapValues(withoutPostern(item ?? {}), (value, key) =>
        isMethod(key) ? withoutPostern(value as object) : value,
      ),
    ]),
  ),
});

const isMethod = (key: string): boolean => methods.some((method) => method === key);

const withoutPostern = (owner: object): object =>
  Object.fromEntries(Object.entries(owner).filter(([key]) => key !== 'x-postern'));

const mapValues = (
  owner: object,
  map: (value: unknown, key: string) => unknown,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(owner).map(([key, value]) => [key, map(value, key)]));
