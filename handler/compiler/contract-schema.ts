import openapiSchema from './openapi.schema.json' with { type: 'json' };
import type { ContractPart, KeySchema } from './contract-part.ts';

/** The JSON Schema of the whole contract: OpenAPI's own part, and the keys of every part. */
export const contractSchema = (parts: Readonly<Record<string, ContractPart>>) => {
  const schema = structuredClone(openapiSchema);
  const { postern, operationPostern, securitySchemePostern, upstream, builtIn } = schema.$defs;
  const required = new Map<string, object>();
  for (const [name, { root, route = {}, signIn, renamed, ...part }] of Object.entries(parts)) {
    Object.assign(postern.properties, root);
    Object.assign(operationPostern.renamed, renamed);
    if (signIn !== undefined) Object.assign(securitySchemePostern.properties, { [name]: signIn });
    Object.assign(upstream.properties, part.upstream);
    Object.assign(builtIn.properties, part.builtIn);
    for (const key of part.requiredDefaults ?? []) required.set(key, examplesOf(route[key]));
    for (const [key, fragment] of Object.entries(route)) {
      Object.assign(schema.$defs, { [routeKey(key)]: fragment });
      Object.assign(operationPostern.properties, { [key]: { $ref: `#/$defs/${routeKey(key)}` } });
    }
  }
  Object.assign(postern.properties.defaults, {
    required: [...required.keys()],
    // The example in a message about a missing key.
    properties: Object.fromEntries(required),
  });
  return schema;
};

const routeKey = (key: string): string => `x-postern.${key}`;

const examplesOf = (schema: KeySchema | undefined): object => ({ examples: schema?.['examples'] });
