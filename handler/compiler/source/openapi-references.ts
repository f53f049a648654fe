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

/** The keys of a path item that are operations. */
export const operationKeys = [
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace',
  'query',
];

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
    ...Object.fromEntries(operationKeys.map((method) => [method, one('operation')])),
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
export const componentsOf: ReadonlyMap<Kind, string> = new Map(
  Object.entries(parts.components).map(([key, [, kind]]) => [kind as Kind, key]),
);

/** An object of a document that OpenAPI defines. */
export interface Part {
  readonly object: Record<string, unknown>;
  readonly kind: Kind;
  readonly path: Path;
  /** Whether it is a reference that stands for a whole map of such objects, by name. */
  readonly isMap: boolean;
}

/**
 * A part of a document and all parts in it, components first. A map that is a reference as a whole, such as
 * `paths: { $ref: paths.yaml }`, is one, too: OpenAPI does not define it, but tools agree on it.
 */
export function* partsIn(value: unknown, kind: Kind, path: Path = []): Generator<Part> {
  if (!isObject(value)) return;
  yield { object: value, kind, path, isMap: false };
  const children: Readonly<Record<string, Child>> = parts[kind];
  const any = children['*'];
  for (const key of any === undefined ? Object.keys(children) : Object.keys(value)) {
    const [as, childKind] = (children[key] ?? any) as [Child[0], Kind];
    const child = value[key];
    if (as === 'one' && isObject(child)) yield* partsIn(child, childKind, [...path, key]);
    else yield* partsAmong(child, childKind, [...path, key]);
  }
}

/** Those of a list, or of a map by name. */
function* partsAmong(value: unknown, kind: Kind, path: Path): Generator<Part> {
  if (typeof value !== 'object' || value === null) return;
  if (isObject(value) && typeof value['$ref'] === 'string')
    yield { object: value, kind, path, isMap: true };
  else
    for (const [name, item] of Object.entries(value)) yield* partsIn(item, kind, [...path, name]);
}

/** Every reference in a part, in the order of its parts. */
export function* referencesIn(value: unknown, kind: Kind, path: Path = []): Generator<Reference> {
  for (const part of partsIn(value, kind, path)) yield* referencesOf(part);
}

/** Every reference in a list or a map of parts. */
export function* referencesAmong(value: unknown, kind: Kind, path: Path): Generator<Reference> {
  for (const part of partsAmong(value, kind, path)) yield* referencesOf(part);
}

function* referencesOf({ object, kind, path, isMap }: Part): Generator<Reference> {
  const { $ref, discriminator } = object;
  if (typeof $ref === 'string')
    yield { pointer: $ref, path, owner: object, key: '$ref', kind, isMap };
  if (kind !== 'schema' || !isObject(discriminator)) return;
  const { mapping } = discriminator;
  if (!isObject(mapping)) return;
  for (const [key, pointer] of Object.entries(mapping)) {
    if (typeof pointer !== 'string') continue;
    const place = [...path, 'discriminator', 'mapping'];
    yield { pointer, path: place, owner: mapping, key, kind, isMap };
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
