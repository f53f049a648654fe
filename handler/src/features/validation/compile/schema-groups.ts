import { readPattern } from './read-pattern.ts';
import { follow, type Located } from '../../../../compiler/references.ts';

export type Schema = Readonly<Record<string, unknown>>;

/** All schemas that check the same value: by `$ref`, and by the keywords that combine schemas. */
export type Group = readonly Located<Schema>[];

/** The schemas for the parts of a value, by the schema that declares them. */
export interface Parts {
  readonly properties: ReadonlyMap<string, readonly Located<unknown>[]>;
  /** Of keys that `properties` does not name. */
  readonly otherProperties: readonly Located<unknown>[];
  /** Of each item by its place … */
  readonly prefixItems: readonly (readonly Located<unknown>[])[];
  /** … and of those after them. */
  readonly items: readonly Located<unknown>[];
}

/** Ends where a schema refers back to itself. Boolean schemas do not describe a value and are left out. */
export const groupOf = (document: unknown, schemas: readonly Located<unknown>[]): Group => {
  const group = new Map<unknown, Located<Schema>>();
  const open = [...schemas];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value } = next;
    if (!isSchema(value) || group.has(value)) continue;
    group.set(value, next as Located<Schema>);
    open.push(...appliedInPlace(document, next as Located<Schema>));
  }
  return [...group.values()];
};

/** The schemas that check the same value as this one. */
export const appliedInPlace = (
  document: unknown,
  schema: Located<Schema>,
): readonly Located<unknown>[] => [
  ...referred(document, schema),
  ...['not', 'if', 'then', 'else'].flatMap((keyword) => child(schema, keyword)),
  ...['allOf', 'anyOf', 'oneOf', 'dependentSchemas'].flatMap((keyword) =>
    childrenIn(schema, keyword),
  ),
];

/** What a `$ref` leads to; keywords beside it count as well (JSON Schema 2020-12 core, §8.2.3.1). */
export const referred = (
  document: unknown,
  { value, path }: Located<Schema>,
): readonly Located<unknown>[] => {
  const { $ref } = value;
  const target = typeof $ref === 'string' && follow(document, { value: { $ref }, path });
  return target ? [target] : [];
};

export const partsOf = (group: Group): Parts => {
  const names = new Set(group.flatMap(({ value }) => Object.keys(value['properties'] ?? {})));
  const length = Math.max(0, ...group.map((schema) => childrenIn(schema, 'prefixItems').length));
  return {
    properties: new Map([...names].map((name) => [name, group.flatMap(schemasForKey(name))])),
    otherProperties: group.flatMap((schema) => [
      ...childrenIn(schema, 'patternProperties'),
      ...child(schema, 'additionalProperties'),
      ...child(schema, 'unevaluatedProperties'),
    ]),
    prefixItems: Array.from({ length }, (_, index) => group.flatMap(schemasForItem(index))),
    items: group.flatMap(schemasForItem(Infinity)),
  };
};

const schemasForKey =
  (name: string) =>
  (schema: Located<Schema>): readonly Located<unknown>[] => {
    const { properties = {}, patternProperties = {} } = schema.value as {
      properties?: Schema;
      patternProperties?: Schema;
    };
    const named = Object.hasOwn(properties, name)
      ? [{ value: properties[name], path: [...schema.path, 'properties', name] }]
      : [];
    const matching = Object.keys(patternProperties)
      .filter((pattern) => {
        const read = readPattern(pattern);
        return read instanceof RegExp && read.test(name);
      })
      .map((pattern) => ({
        value: patternProperties[pattern],
        path: [...schema.path, 'patternProperties', pattern],
      }));
    const evaluated = [...named, ...matching];
    return evaluated.length > 0
      ? evaluated
      : [...child(schema, 'additionalProperties'), ...child(schema, 'unevaluatedProperties')];
  };

const schemasForItem =
  (index: number) =>
  (schema: Located<Schema>): readonly Located<unknown>[] => {
    const prefix = childrenIn(schema, 'prefixItems')[index];
    return [
      ...(prefix === undefined
        ? [...child(schema, 'items'), ...child(schema, 'unevaluatedItems')]
        : [prefix]),
      ...child(schema, 'contains'),
    ];
  };

const child = ({ value, path }: Located<Schema>, keyword: string): readonly Located<unknown>[] =>
  value[keyword] === undefined ? [] : [{ value: value[keyword], path: [...path, keyword] }];

export const childrenIn = (
  { value, path }: Located<Schema>,
  keyword: string,
): readonly Located<unknown>[] =>
  Object.entries(value[keyword] ?? {}).map(([key, item]) => ({
    value: item as unknown,
    path: [...path, keyword, key],
  }));

export const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null;
