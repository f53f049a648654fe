import openapiSchema from './openapi.schema.json' with { type: 'json' };
import type { ContractPart } from './contract-part.ts';

/** The JSON Schema of the whole contract: OpenAPI's own part, and the keys of every part. */
export const contractSchema = (parts: readonly ContractPart[]) => {
  const schema = structuredClone(openapiSchema);
  const { postern, operationPostern } = schema.$defs;
  for (const { root, route = {} } of parts) {
    Object.assign(postern.properties, root);
    for (const [key, fragment] of Object.entries(route)) {
      Object.assign(schema.$defs, { [routeKey(key)]: fragment });
      Object.assign(operationPostern.properties, { [key]: { $ref: `#/$defs/${routeKey(key)}` } });
    }
  }
  return schema;
};

const routeKey = (key: string): string => `x-postern.${key}`;
