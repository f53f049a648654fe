import type { ScalarType } from '../../handler/src/contract/request-schema.ts';
import { follow, type Located } from './references.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: unknown;
  readonly allOf?: readonly unknown[];
  readonly anyOf?: readonly unknown[];
  readonly oneOf?: readonly unknown[];
}

/** The JSON types that a schema speaks of: by `type`, by the values it lists, or in the schemas it is made of. */
export const typesOf = (
  document: unknown,
  schema: Located<unknown> | undefined,
): ReadonlySet<string> => {
  const types = new Set<string>();
  visit(document, schema, types, new Set());
  return types;
};

/** As what the text of a parameter may be read. */
export const scalarTypes = (types: ReadonlySet<string>): ScalarType[] => {
  const names = [...types].map((type) => (type === 'integer' ? 'number' : type));
  return scalars.filter((scalar) => names.includes(scalar));
};

const scalars: readonly ScalarType[] = ['string', 'number', 'boolean', 'null'];

/** The schema of a list's items. */
export const itemsOf = (
  document: unknown,
  list: Located<unknown>,
): Located<unknown> | undefined => {
  const found = follow<Schema>(document, list);
  return found?.value.items === undefined
    ? undefined
    : { value: found.value.items, path: [...found.path, 'items'] };
};

const visit = (
  document: unknown,
  schema: Located<unknown> | undefined,
  types: Set<string>,
  visited: Set<unknown>,
): void => {
  const found = schema && follow<Schema>(document, schema);
  if (found === undefined || typeof found.value !== 'object' || visited.has(found.value)) return;
  visited.add(found.value);
  const { type, enum: values, const: value, allOf = [], anyOf = [], oneOf = [] } = found.value;
  if (type !== undefined) [type].flat().forEach((name) => types.add(name));
  else
    for (const listed of values ?? (value === undefined ? [] : [value])) types.add(typeOf(listed));
  for (const part of [...allOf, ...anyOf, ...oneOf]) {
    visit(document, { value: part, path: found.path }, types, visited);
  }
};

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
};
