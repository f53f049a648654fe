import openapiSchema from './openapi.schema.json' with { type: 'json' };
import type { ContractPart, Keys } from './contract-part.ts';

/** The JSON Schema of the whole contract: OpenAPI's own part, and the keys of every part. */
export const contractSchema = (parts: readonly ContractPart[]): object => {
  const schema = structuredClone(openapiSchema);
  const { postern, operationPostern, pathPostern } = schema.$defs;
  const add = (section: { properties: object }, keys: Keys = {}): void => {
    Object.assign(section.properties, keys);
  };
  for (const { root, route } of parts) {
    add(postern, root);
    for (const section of [operationPostern, pathPostern, postern.properties.defaults])
      add(section, route);
  }
  return schema;
};
