import type { SchemaError } from './request-schema.ts';

/**
 * For a value that matches no branch of an `anyOf` or `oneOf`: the errors of the branch that was most likely intended.
 * That branch has the value's type and the properties that distinguish the branches, and then the fewest errors. If no
 * branch is closer than the others, one error lists the values that distinguish them.
 *
 * @param errors those found so far, in the whole value. The others are removed from it.
 * @param ends the number of errors before the first branch, and after each.
 * @param place the value's own, as a JSON Pointer.
 */
export const closestBranch = (
  errors: SchemaError[],
  ends: readonly number[],
  place: string,
): SchemaError[] => {
  const [start = 0] = ends;
  const branches = ends.slice(1).map((end, index) => errors.slice(ends[index], end));
  const told = branches.map((branch) => branch.find((error) => tellsApart(error, place)));
  const meant = branches.filter((_, index) => told[index] === undefined);
  const chosen =
    meant.length > 0
      ? meant.reduce(fewer)
      : (joined(told) ?? branches.reduce(fewer, branches[0] ?? []));
  // Not all errors that were counted are kept: the list stays as long as the count.
  errors.length = start;
  for (const error of chosen) errors.push(error);
  return errors;
};

const fewer = (a: SchemaError[], b: SchemaError[]): SchemaError[] => (b.length < a.length ? b : a);

/** The wrong type of the value, or a wrong fixed value of it or of one of its properties. */
const tellsApart = ({ instancePath, keyword }: SchemaError, place: string): boolean =>
  keyword === 'type'
    ? instancePath === place
    : (keyword === 'const' || keyword === 'enum') &&
      !instancePath.slice(place.length + 1).includes('/');

/**
 * One error instead of those of several branches about one value. It accepts any of their types, or of their fixed
 * values.
 */
const joined = (errors: readonly (SchemaError | undefined)[]): SchemaError[] | undefined => {
  const [first] = errors;
  if (first === undefined) return undefined;
  const { instancePath } = first;
  const isOfType = first.keyword === 'type';
  const values: unknown[] = [];
  for (const error of errors) {
    if (error?.instancePath !== instancePath || (error.keyword === 'type') !== isOfType)
      return undefined;
    const { type, allowedValue, allowedValues } = error.params;
    values.push(...[isOfType ? type : (allowedValues ?? [allowedValue])].flat());
  }
  const unique = [...new Set(values)];
  return isOfType
    ? [{ instancePath, keyword: 'type', params: { type: unique } }]
    : [{ instancePath, keyword: 'enum', params: { allowedValues: unique } }];
};
