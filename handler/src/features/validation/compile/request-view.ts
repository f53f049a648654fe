import type { Path, Report } from '../../../../compiler/problem.ts';
import { type Located, valueAt } from '../../../../compiler/references.ts';
import {
  appliedInPlace,
  childrenIn,
  type Group,
  groupOf,
  isSchema,
  partsOf,
  referred,
  type Schema,
} from './schema-groups.ts';
import { readPattern } from './read-pattern.ts';
import { countedKeyword } from './schema-keywords.ts';

/** The document that requests are checked by, with the same positions. The published document is unchanged. */
export interface RequestView {
  readonly document: object;
  /** How many schemas refer back to themselves. */
  readonly recursiveSchemas: number;
}

/**
 * Removes response-only properties from `required`, marks the schemas whose evaluations are counted, and leaves out what
 * checks nothing, so that it is not in the zip.
 */
export const requestView = (
  document: object,
  schemas: readonly Path[],
  { keepsReadOnly, report }: { readonly keepsReadOnly: boolean; readonly report: Report },
): RequestView => {
  const view = structuredClone(document);
  const groups = groupsFrom(document, schemas);
  for (const [path, required] of requiredInRequests(document, groups, report)) {
    (valueAt(view, path) as { required: readonly string[] }).required = required;
  }
  const recursive = recursiveSchemas(document, groups);
  for (const { path } of recursive) {
    (valueAt(view, path) as Record<string, unknown>)[countedKeyword] = true;
  }
  for (const { path } of groups.flat()) {
    const schema = valueAt(view, path) as Record<string, unknown> | undefined;
    // A branch may be gone already.
    if (isSchema(schema)) reduce(schema, keepsReadOnly);
  }
  return { document: view, recursiveSchemas: recursive.length };
};

const annotations: ReadonlySet<string> = new Set([
  ...['title', 'description', '$comment', 'default', 'example', 'examples', 'externalDocs'],
  ...['deprecated', 'readOnly', 'writeOnly', 'xml'],
]);

const reduce = (schema: Record<string, unknown>, keepsReadOnly: boolean): void => {
  for (const key of Object.keys(schema)) {
    if (key === 'readOnly' && keepsReadOnly) continue;
    if (annotations.has(key) || key.startsWith('x-')) delete schema[key];
  }
  const { pattern } = schema;
  if (typeof pattern === 'string' && !(readPattern(pattern) instanceof RegExp))
    delete schema['pattern'];
  const { enum: listed } = schema;
  if (Array.isArray(listed) && listed.length === 0) {
    // Nothing is one of no values, and ajv does not accept such a list.
    delete schema['enum'];
    schema['not'] = {};
  }
  matchProto(schema);
  evaluateContained(schema);
  for (const keyword of ['oneOf', 'anyOf']) {
    const values = constantsOf(schema[keyword]);
    if (values === undefined || 'enum' in schema || 'const' in schema) continue;
    delete schema[keyword];
    schema['enum'] = values;
  }
};

/** ajv leaves a property named `__proto__` out. */
const matchProto = (schema: Record<string, unknown>): void => {
  const { properties, patternProperties } = schema;
  if (!isSchema(properties) || !Object.hasOwn(properties, '__proto__')) return;
  const { ['__proto__']: proto, ...others } = properties;
  schema['properties'] = others;
  schema['patternProperties'] = { ...(patternProperties as object), '^__proto__$': proto };
};

/** An item that a schema of `contains` accepts is evaluated (JSON Schema 2020-12 core, §10.3.1.3); ajv does not note it. */
const evaluateContained = (schema: Record<string, unknown>): void => {
  const contained = containedIn(schema);
  if (schema['unevaluatedItems'] === undefined || contained.length === 0) return;
  schema['unevaluatedItems'] = { anyOf: [...contained, schema['unevaluatedItems']] };
};

const containedIn = (schema: unknown): readonly unknown[] =>
  isSchema(schema)
    ? [
        ...('contains' in schema ? [schema['contains']] : []),
        ...((schema['allOf'] ?? []) as readonly unknown[]).flatMap(containedIn),
      ]
    : [];

/** A list of constants with a title each is an enum to a check. */
const constantsOf = (branches: unknown): readonly unknown[] | undefined => {
  const values = ((branches ?? []) as readonly (Schema | boolean)[]).map((branch) =>
    isSchema(branch) && Object.keys(branch).every((key) => key === 'const' || annotations.has(key))
      ? branch['const']
      : undefined,
  );
  const isListed = values.every((value) => value === null || /^[sbn]/.test(typeof value));
  return isListed && values.length > 0 && new Set(values).size === values.length
    ? values
    : undefined;
};

/** Every set of schemas that check one value of a request, each once. */
const groupsFrom = (document: unknown, schemas: readonly Path[]): readonly Group[] => {
  const groups = new Map<string, Group>();
  const numbers = new Map<unknown, number>();
  const numberOf = ({ value }: Located<unknown>): number => {
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    return number;
  };
  const open = schemas.map(
    (path) => [{ value: valueAt(document, path), path }] as Located<unknown>[],
  );
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const group = groupOf(document, next);
    const key = group
      .map(numberOf)
      .sort((a, b) => a - b)
      .join();
    if (groups.has(key)) continue;
    groups.set(key, group);
    const { properties, otherProperties, prefixItems, items } = partsOf(group);
    const names = group.map(({ value, path }) => ({
      value: value['propertyNames'],
      path: [...path, 'propertyNames'],
    }));
    open.push(
      ...[...properties.values(), otherProperties, ...prefixItems, items, names].map((part) => [
        ...part,
      ]),
    );
  }
  return [...groups.values()];
};

/**
 * OpenAPI 3.1, Schema Object: for a `readOnly` property, `required` applies only to responses. The schema that declares
 * it may not be the one that requires it.
 */
const requiredInRequests = (
  document: unknown,
  groups: readonly Group[],
  report: Report,
): ReadonlyMap<Path, readonly string[]> => {
  const dropped = new Map<Schema, Set<string>>();
  const kept = new Map<Schema, Set<string>>();
  const paths = new Map<Schema, Path>();
  for (const group of groups) {
    const readOnly = new Set(
      [...partsOf(group).properties].flatMap(([name, schemas]) =>
        schemas.some((schema) => isReadOnly(document, schema, [])) ? [name] : [],
      ),
    );
    const negated = negatedIn(document, group);
    for (const { value, path } of group) {
      paths.set(value, path);
      for (const name of (value['required'] ?? []) as readonly string[]) {
        const names = readOnly.has(name) && !negated.has(value) ? dropped : kept;
        names.set(value, (names.get(value) ?? new Set()).add(name));
      }
    }
  }
  return new Map(
    [...dropped].map(([schema, names]) => {
      const path = paths.get(schema) ?? [];
      const required = (schema['required'] as readonly string[]).filter((name) => !names.has(name));
      for (const name of names) {
        if (kept.get(schema)?.has(name) !== true) continue;
        report(
          [...path, 'required'],
          `"${name}" is readOnly in one place that uses this schema and not in another — write "required" beside the "properties" that declare it`,
          'key',
        );
      }
      return [path, required];
    }),
  );
};

const isReadOnly = (
  document: unknown,
  schema: Located<unknown>,
  above: readonly unknown[],
): boolean => {
  const { value, path } = schema as Located<Schema>;
  if (typeof value !== 'object' || value === null || above.includes(value)) return false;
  const located = { value, path };
  return (
    value['readOnly'] === true ||
    [...referred(document, located), ...childrenIn(located, 'allOf')].some((part) =>
      isReadOnly(document, part, [...above, value]),
    )
  );
};

/** Schemas below `not` or `if` do not define what a request must have. */
const negatedIn = (document: unknown, group: Group): ReadonlySet<unknown> => {
  const starts = group.flatMap(({ value, path }) =>
    ['not', 'if'].map((keyword) => ({ value: value[keyword], path: [...path, keyword] })),
  );
  return new Set(groupOf(document, starts).map(({ value }) => value));
};

/** The targets of circular references. */
const recursiveSchemas = (
  document: unknown,
  groups: readonly Group[],
): readonly Located<Schema>[] => {
  const all = new Map(groups.flat().map((schema) => [schema.value, schema]));
  const next = new Map(
    [...all.values()].map((schema) => {
      const { properties, otherProperties, prefixItems, items } = partsOf([schema]);
      const parts = [...properties.values(), otherProperties, ...prefixItems, items].flat();
      const children = [...appliedInPlace(document, schema), ...parts].map(({ value }) => value);
      return [schema.value, children.filter((child) => all.has(child as Schema)) as Schema[]];
    }),
  );
  const targets = new Set(
    [...all.values()].flatMap((schema) => referred(document, schema)).map(({ value }) => value),
  );
  return [...all.values()].filter(({ value }) => targets.has(value) && reaches(next, value));
};

const reaches = (next: ReadonlyMap<Schema, readonly Schema[]>, start: Schema): boolean => {
  const seen = new Set<Schema>();
  const open = [...(next.get(start) ?? [])];
  for (let schema = open.pop(); schema !== undefined; schema = open.pop()) {
    if (schema === start) return true;
    if (seen.has(schema)) continue;
    seen.add(schema);
    open.push(...(next.get(schema) ?? []));
  }
  return false;
};
