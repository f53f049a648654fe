import type { Path } from '../../../../compiler/problem.ts';
import { type RequestPlan, schemasOf } from './request-plan.ts';
import { follow, pointerTo, valueAt } from '../../../../compiler/references.ts';

/**
 * A name for each schema that checks requests; shared schemas are written once. ajv numbers its own names in the same
 * module, such as `schema16`, and never writes an underscore before the number.
 */
export interface SchemaNames {
  readonly places: ReadonlyMap<string, Path>;
  readonly nameOf: (schema: Path) => string;
}

export const nameSchemas = (document: unknown, requests: readonly RequestPlan[]): SchemaNames => {
  const names = new Map<string, string>();
  const places = new Map<string, Path>();

  const target = (schema: Path): Path => {
    const value = valueAt(document, schema);
    return isReferenceAlone(value)
      ? (follow(document, { value, path: schema })?.path ?? schema)
      : schema;
  };
  const nameOf = (schema: Path): string => {
    const pointer = pointerTo(target(schema));
    const name = names.get(pointer) ?? `request_${names.size}`;
    names.set(pointer, name);
    return name;
  };
  for (const schema of requests.flatMap(schemasOf)) {
    places.set(nameOf(schema), target(schema));
  }
  return { places, nameOf };
};

/** Keywords beside a `$ref` also apply to the value (JSON Schema 2020-12 core, §8.2.3.1). */
const isReferenceAlone = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && '$ref' in value && Object.keys(value).length === 1;
