import { closestBranch } from './closest-branch.ts';
import type { SchemaError } from './request-schema.ts';

/** What a `discriminator` of OpenAPI says of the branches of an `anyOf` or `oneOf`. */
export interface Discriminator {
  readonly property: string;
  /** The branch of each value, by its index. */
  readonly branches: Readonly<Record<string, number>>;
  /** The branch of values that have no such property, or another value (OpenAPI 3.2). */
  readonly otherwise?: number;
}

/**
 * As `closestBranch`, where a property of the value names the branch that was intended. Whether the value is valid does
 * not depend on it (OpenAPI 3.1.1, Discriminator Object).
 */
export const discriminatedBranch =
  ({ property, branches, otherwise }: Discriminator) =>
  (
    errors: SchemaError[],
    ends: readonly number[],
    place: string,
    value: unknown,
  ): SchemaError[] => {
    const [start = 0] = ends;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return closestBranch(errors, ends, place);
    }
    const named = Object.hasOwn(value, property)
      ? (value as Readonly<Record<string, unknown>>)[property]
      : undefined;
    const branch =
      typeof named === 'string' && Object.hasOwn(branches, named) ? branches[named] : otherwise;
    const found = branch === undefined ? [] : errors.slice(ends[branch], ends[branch + 1]);
    errors.length = start;
    if (branch === undefined) errors.push(notNamed(property, branches, place, named));
    else errors.push(...found);
    return errors;
  };

const notNamed = (
  property: string,
  branches: Discriminator['branches'],
  place: string,
  named: unknown,
): SchemaError =>
  named === undefined
    ? { instancePath: place, keyword: 'required', params: { missingProperty: property } }
    : {
        instancePath: `${place}/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        keyword: 'enum',
        params: { allowedValues: Object.keys(branches) },
      };
