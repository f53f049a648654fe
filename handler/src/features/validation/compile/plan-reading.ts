import type { Located } from '../../../../compiler/references.ts';
import type { Reading } from '../text-values.ts';
import { groupOf, partsOf } from './schema-groups.ts';
import { scalarTypes, typesOf } from './schema-types.ts';

const deepest = 6;

/** As which JSON types the texts of a value may be read, by all schemas for it. Deeper parts are read as texts. */
export const planReading = (
  document: unknown,
  schemas: readonly Located<unknown>[],
  depth = 0,
): Reading => {
  const types = new Set(schemas.flatMap((schema) => [...typesOf(document, schema)]));
  const scalars = scalarTypes(types);
  if (depth > deepest) return { types: scalars };
  const parts = partsOf(groupOf(document, schemas));
  const of = (part: readonly Located<unknown>[]): Reading => planReading(document, part, depth + 1);
  return {
    types: scalars,
    ...(types.has('array') && { items: of([...parts.prefixItems.flat(), ...parts.items]) }),
    ...(types.has('object') && {
      properties: Object.fromEntries(
        [...parts.properties].map(([name, part]) => [name, of(part)] as const),
      ),
      ...(parts.otherProperties.length > 0 && { others: of(parts.otherProperties) }),
    }),
  };
};
