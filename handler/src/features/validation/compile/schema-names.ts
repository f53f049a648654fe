import type { Path } from '../../../../compiler/problem.ts';
import { type RequestPlan, schemasOf } from './request-plan.ts';
import { follow, isReferenceAlone, pointerTo, valueAt } from '../../../../compiler/references.ts';

/**
 * A name for each schema that checks requests; equal schemas are written once. ajv numbers its own names in the same
 * module, such as `schema16`, and never writes an underscore before the number.
 */
export interface SchemaNames {
  readonly places: ReadonlyMap<string, Path>;
  readonly nameOf: (schema: Path) => string;
}

/** @param document that requests are checked by, in which references are pointers. */
export const nameSchemas = (document: unknown, requests: readonly RequestPlan[]): SchemaNames => {
  const names = new Map<string, string>();
  const places = new Map<string, Path>();

  const target = (schema: Path): Path => {
    const value = valueAt(document, schema);
    return isReferenceAlone(value)
      ? (follow(document, { value, path: schema })?.path ?? schema)
      : schema;
  };
  const add = (place: Path): string => {
    const content = JSON.stringify(valueAt(document, place));
    const name = names.get(content) ?? `request_${places.size}`;
    names.set(content, name);
    if (!places.has(name)) places.set(name, place);
    return name;
  };
  const nameOf = (schema: Path): string => {
    const pointer = pointerTo(schema);
    const name = names.get(pointer) ?? add(target(schema));
    names.set(pointer, name);
    return name;
  };
  for (const schema of requests.flatMap(schemasOf)) nameOf(schema);
  return { places, nameOf };
};
