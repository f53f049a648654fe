import type { Path } from '../problem.ts';

/** What a part of an OpenAPI document is; for each but `document`, `components` also what a reference to it can name. */
export type Kind = keyof typeof parts;

/** A `$ref`, or an entry of a discriminator's `mapping`, that can be replaced. */
export interface Reference {
  readonly pointer: string;
  /** Of the object that is the reference, or of the mapping. */
  readonly path: Path;
  /** The object, and its key whose value is the pointer. */
  readonly owner: Record<string, unknown>;
  readonly key: string;
  readonly kind: Kind;
  /** Whether the pointer leads to a map of such parts, by name. */
  readonly isMap: boolean;
}

type Child = readonly [as: 'one' | 'list' | 'map', kind: string];

const one = (kind: string): Child => ['one', kind];
const list = (kind: string): Child => ['list', kind];
const map = (kind: string): Child => ['map', kind];

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

const schemaKeys = {
  one: [
    ...['items', 'additionalItems', 'unevaluatedItems', 'contains', 'not', 'if', 'then', 'else'],
    ...['additionalProperties', 'unevaluatedProperties', 'propertyNames', 'contentSchema'],
  ],
  list: ['allOf', 'anyOf', 'oneOf', 'prefixItems'],
  map: ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'],
};

/** The children of each kind of object that can be or have a reference, by OpenAPI 3.0 to 3.2. */
const parts = {
  document: { components: one('components'), paths: map('pathItem'), webhooks: map('pathItem') },
  components: {
    schemas: map('schema'),
    responses: map('response'),
    parameters: map('parameter'),
    examples: map('example'),
    requestBodies: map('requestBody'),
    headers: map('header'),
    securitySchemes: map('securityScheme'),
    links: map('link'),
    callbacks: map('callback'),
    pathItems: map('pathItem'),
    mediaTypes: map('mediaType'),
  },
  pathItem: {
    ...Object.fromEntries(methods.map((method) => [method, one('operation')])),
    additionalOperations: map('operation'),
    parameters: list('parameter'),
  },
  operation: {
    parameters: list('parameter'),
    requestBody: one('requestBody'),
    responses: map('response'),
    callbacks: map('callback'),
  },
  callback: { '*': one('pathItem') },
  parameter: { schema: one('schema'), content: map('mediaType'), examples: map('example') },
  header: { schema: one('schema'), content: map('mediaType'), examples: map('example') },
  requestBody: { content: map('mediaType') },
  response: { headers: map('header'), content: map('mediaType'), links: map('link') },
  mediaType: {
    schema: one('schema'),
    itemSchema: one('schema'),
    examples: map('example'),
    encoding: map('encoding'),
  },
  encoding: { headers: map('header') },
  schema: Object.fromEntries([
    ...schemaKeys.one.map((key) => [key, one('schema')] as const),
    ...schemaKeys.list.map((key) => [key, list('schema')] as const),
    ...schemaKeys.map.map((key) => [key, map('schema')] as const),
  ]),
  example: {},
  link: {},
  securityScheme: {},
} satisfies Readonly<Record<string, Readonly<Record<string, Child>>>>;

/** The keys of `components`, by what they hold. */
export const componentsOf: ReadonlyMap<string, string> = new Map(
  Object.entries(parts.components).map(([key, [, kind]]) => [kind, key]),
);

/**
 * Every reference in a part of a document, in the document's order, but components first. A map that is a reference as
 * a whole, such as `paths: { $ref: paths.yaml }`, is one, too: OpenAPI does not define it, but tools agree on it.
 */
export function* referencesIn(value: unknown, kind: Kind, path: Path = []): Generator<Reference> {
  if (!isObject(value)) return;
  if (typeof value['$ref'] === 'string')
    yield { pointer: value['$ref'], path, owner: value, key: '$ref', kind, isMap: false };
  if (kind === 'schema') yield* mappingIn(value, path);
  const children: Readonly<Record<string, Child>> = parts[kind];
  const any = children['*'];
  for (const key of any === undefined ? Object.keys(children) : Object.keys(value)) {
    const [as, childKind] = (children[key] ?? any) as [Child[0], Kind];
    const child = value[key];
    if (as === 'one' && isObject(child)) yield* referencesIn(child, childKind, [...path, key]);
    else yield* referencesAmong(child, childKind, [...path, key]);
  }
}

/** Of a list, or of a map by name. */
export function* referencesAmong(value: unknown, kind: Kind, path: Path): Generator<Reference> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries(value) as Array<[string, unknown]>) {
    if (name === '$ref' && typeof item === 'string' && isObject(value))
      yield { pointer: item, path, owner: value, key: '$ref', kind, isMap: true };
    else yield* referencesIn(item, kind, [...path, name]);
  }
}

function* mappingIn(schema: Record<string, unknown>, path: Path): Generator<Reference> {
  const { discriminator } = schema;
  const mapping = isObject(discriminator) ? discriminator['mapping'] : undefined;
  if (!isObject(mapping)) return;
  for (const [key, pointer] of Object.entries(mapping)) {
    if (typeof pointer !== 'string') continue;
    const place = [...path, 'discriminator', 'mapping'];
    yield { pointer, path: place, owner: mapping, key, kind: 'schema', isMap: false };
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
