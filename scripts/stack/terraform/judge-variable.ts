import { nearest } from '../../../handler/compiler/nearest.ts';

/** What is wrong with a value that Terraform accepts, by the value as given and as converted to the declared type. */
export const problemOf = (name: string, given: unknown, value: unknown): string | undefined => {
  if (given === null && value !== null) {
    return `${name} must not be null: write ${name} = ${asHcl(value)}, which is the default, or another value`;
  }
  const [first] = undeclaredAttributes(given, value, name);
  return first;
};

/** Attributes that the conversion to the declared type has dropped. */
const undeclaredAttributes = (given: unknown, value: unknown, path: string): readonly string[] => {
  if (Array.isArray(given) && Array.isArray(value) && given.length === value.length) {
    return given.flatMap((item, index) =>
      undeclaredAttributes(item, value[index], `${path}[${index}]`),
    );
  }
  if (!isObject(given) || !isObject(value)) return [];
  return Object.entries(given).flatMap(([key, item]) =>
    key in value
      ? undeclaredAttributes(item, value[key], `${path}.${key}`)
      : [`${path} has no "${key}"${didYouMean(key, Object.keys(value))}`],
  );
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const didYouMean = (given: string, known: readonly string[]): string => {
  const near = nearest(given, known);
  return near === undefined ? `; there are ${known.join(', ')}` : `; did you mean "${near}"?`;
};

/** What is null in an object is left out there. */
const asHcl = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (item === null ? undefined : item));

export const undeclaredVariable = (name: string, declared: readonly string[]): string => {
  const near = nearest(name, declared);
  const meant = near === undefined ? 'terraform/README.md lists all' : `did you mean "${near}"?`;
  return `there is no variable "${name}"; ${meant}`;
};
