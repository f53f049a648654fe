import type { ScalarType } from '../request-schema.ts';
import type { Located } from '../../../../compiler/references.ts';
import { childrenIn, groupOf, isSchema, referred, type Schema } from './schema-groups.ts';

type Types = ReadonlySet<string>;

/**
 * The JSON types that a value of this schema can have, including `$ref` and combined schemas. If no schema names a
 * type, the types that its keywords apply to. If there are none, any text is valid.
 */
export const typesOf = (document: unknown, schema: Located<unknown>): Types => {
  const possible = combine(document, schema, ownTypes);
  if (!isUnknown(possible)) return possible;
  const implied = groupOf(document, [schema]).flatMap(({ value }) => impliedTypes(value));
  return new Set(implied.filter((type) => possible.has(type)));
};

/** The types of a list's items by their position. The last one applies to all further items. */
export const itemTypesOf = (document: unknown, list: Located<unknown>): readonly Types[] => {
  const prefixes = groupOf(document, [list]).map((schema) => childrenIn(schema, 'prefixItems'));
  const length = Math.max(0, ...prefixes.map((prefix) => prefix.length));
  return Array.from({ length: length + 1 }, (_, index) => {
    const possible = combine(document, list, ownItemTypes(document, index));
    return isUnknown(possible) ? containedTypes(document, list) : possible;
  });
};

/** The types as which the text of a parameter may be read. */
export const scalarTypes = (types: Types): ScalarType[] => {
  const names = [...types].map((type) => (type === 'integer' ? 'number' : type));
  return scalars.filter((scalar) => names.includes(scalar));
};

const scalars: readonly ScalarType[] = ['string', 'number', 'boolean', 'null'];

const all: Types = new Set(['string', 'number', 'integer', 'boolean', 'null', 'array', 'object']);

/** No schema restricts it, except a `not`. */
const isUnknown = (types: Types): boolean =>
  ['string', 'boolean', 'array', 'object'].every((type) => types.has(type));

/** The types of each schema, combined by `allOf`, `anyOf`, `oneOf`, `if` and `$ref`. */
const combine = (
  document: unknown,
  schema: Located<unknown>,
  own: (schema: Located<Schema>) => Types,
  above: readonly unknown[] = [],
): Types => {
  const { value, path } = schema;
  if (value === false) return new Set();
  // A schema that contains itself for the same value is reported elsewhere.
  if (!isSchema(value) || above.includes(value)) return all;
  const located = { value, path };
  const of = (part: Located<unknown>): Types => combine(document, part, own, [...above, value]);
  const branch = (keyword: string): Types =>
    of({ value: value[keyword] ?? true, path: [...path, keyword] });
  const choices = ['anyOf', 'oneOf'].filter((keyword) => value[keyword] !== undefined);
  return [
    own(located),
    ...[...referred(document, located), ...childrenIn(located, 'allOf')].map(of),
    ...choices.map((keyword) => union(childrenIn(located, keyword).map(of))),
    ...(value['if'] === undefined ? [] : [union([branch('then'), branch('else')])]),
    excluding(value['not']),
  ].reduce(intersection);
};

const union = (sets: readonly Types[]): Types => new Set(sets.flatMap((set) => [...set]));

const intersection = (a: Types, b: Types): Types => new Set([...a].filter((type) => b.has(type)));

/** Of `not`, only a schema with `type` alone excludes all values of the type. */
const excluding = (schema: unknown): Types => {
  if (!isSchema(schema) || Object.keys(schema).join() !== 'type') return all;
  const excluded = new Set([schema['type']].flat());
  return new Set(
    [...all].filter(
      (type) => !excluded.has(type) && !(type === 'integer' && excluded.has('number')),
    ),
  );
};

const ownTypes = ({ value }: Located<Schema>): Types => {
  const named =
    value['type'] === undefined ? all : withIntegers([value['type']].flat() as string[]);
  const values =
    (value['enum'] as readonly unknown[] | undefined) ?? ('const' in value ? [value['const']] : []);
  const listed = values.length === 0 ? all : withIntegers(values.map(typeOf));
  return intersection(named, listed);
};

const withIntegers = (types: readonly string[]): Types =>
  new Set(types.includes('number') ? [...types, 'integer'] : types);

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
};

const ownItemTypes =
  (document: unknown, index: number) =>
  (schema: Located<Schema>): Types => {
    if (!ownTypes(schema).has('array')) return new Set();
    const { items, unevaluatedItems } = schema.value;
    const item = childrenIn(schema, 'prefixItems')[index] ?? {
      value: items ?? unevaluatedItems ?? true,
      path: [...schema.path, items === undefined ? 'unevaluatedItems' : 'items'],
    };
    return combine(document, item, ownTypes);
  };

/** If the items may be anything, `contains` decides how their texts are read. */
const containedTypes = (document: unknown, list: Located<unknown>): Types =>
  union(
    groupOf(document, [list])
      .filter(({ value }) => value['contains'] !== undefined)
      .map(({ value, path }) =>
        typesOf(document, { value: value['contains'], path: [...path, 'contains'] }),
      ),
  );

const keywordTypes: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'contentEncoding', 'contentMediaType'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  array: ['items', 'prefixItems', 'contains', 'minItems', 'maxItems', 'uniqueItems'],
  object: ['properties', 'required', 'additionalProperties', 'patternProperties', 'propertyNames'],
};

const numericFormats = ['int32', 'int64', 'float', 'double'];

const impliedTypes = (schema: Schema): readonly string[] => [
  ...Object.keys(keywordTypes).filter((type) =>
    keywordTypes[type]?.some((keyword) => schema[keyword] !== undefined),
  ),
  ...(schema['format'] === undefined
    ? []
    : [numericFormats.includes(schema['format'] as string) ? 'number' : 'string']),
];
