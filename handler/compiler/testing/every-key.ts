import { createRequire } from 'node:module';
import { pathOf, valueAt } from '../references.ts';

/** The part of JSON Schema that the schemas of OpenAPI use. */
interface Schema {
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly $ref?: string;
  readonly $dynamicRef?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema | boolean>>;
  readonly patternProperties?: Readonly<Record<string, Schema | boolean>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema | boolean;
  readonly dependentSchemas?: Readonly<Record<string, Schema>>;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly then?: Schema;
  readonly else?: Schema;
}

export interface Misspelling {
  readonly key: string;
  readonly meant: string;
}

export interface DocumentOfEveryKey {
  readonly document: Readonly<Record<string, unknown>>;
  /** Each as `<object>.<key>`, with the names of the official schema. */
  readonly places: ReadonlySet<string>;
  readonly misspellings: readonly Misspelling[];
}

const load = createRequire(import.meta.url);

/** The JSON Schema that the OpenAPI Initiative publishes for a version. */
export const officialSchema = (version: '3.0' | '3.1' | '3.2'): Schema => {
  const schema = load(
    `@seriousme/openapi-schema-validator/schemas/v${version}/schema.json`,
  ) as Schema;
  if (version === '3.0') return schema;
  // It leaves the keywords of schemas to the dialect: JSON Schema 2020-12 and the base vocabulary of OpenAPI.
  return { ...schema, $defs: { ...schema.$defs, schema: dialect(version) } };
};

const vocabularies = [
  ...['applicator', 'content', 'core', 'format-annotation', 'meta-data', 'unevaluated'],
  'validation',
];

const text = { type: 'string' };

/** https://spec.openapis.org/oas/3.2/vocab/2025-09-17 */
const dialect = (version: '3.1' | '3.2'): Schema => {
  const only32 = (key: string): Readonly<Record<string, Schema>> =>
    version === '3.2' ? { [key]: text } : {};
  const texts = (keys: readonly string[]): Readonly<Record<string, Schema>> =>
    Object.fromEntries(keys.map((key) => [key, text]));
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(
        vocabularies.flatMap((name) => {
          const meta = load(`ajv/dist/refs/json-schema-2020-12/meta/${name}.json`) as Schema;
          return Object.entries(meta.properties ?? {}).map(([key, value]) => [
            key,
            localDefs(value),
          ]);
        }),
      ),
      discriminator: {
        type: 'object',
        properties: {
          propertyName: text,
          mapping: { type: 'object', additionalProperties: text },
          ...only32('defaultMapping'),
        },
      },
      xml: {
        type: 'object',
        properties: {
          ...texts(['name', 'namespace', 'prefix']),
          ...{ attribute: { type: 'boolean' }, wrapped: { type: 'boolean' } },
          ...only32('nodeType'),
        },
      },
      externalDocs: { $ref: '#/$defs/external-documentation' },
      example: true,
    },
  };
};

/** The vocabularies refer to definitions of their own. */
const localDefs = (value: Schema | boolean): Schema | boolean =>
  typeof value === 'object' && value.$ref !== undefined
    ? /schemaArray/.test(value.$ref)
      ? { type: 'array', items: { $dynamicRef: '#meta' } }
      : /stringArray/.test(value.$ref)
        ? { type: 'array', items: text }
        : /nonNegativeInteger/.test(value.$ref)
          ? { type: 'integer' }
          : text
    : value;

/**
 * A document with every key that the schema defines, in every object that it defines it for, wherever such an object can
 * be. With misspellings, each of these objects has one more key: its longest with a letter missing.
 */
export const documentOfEveryKey = (root: Schema, hasMisspellings: boolean): DocumentOfEveryKey => {
  const places = new Set<string>();
  const misspellings: Misspelling[] = [];

  const targetOf = ({ $ref, $dynamicRef }: Schema): Schema | undefined => {
    const reference = $dynamicRef === undefined ? $ref : '#/$defs/schema';
    const path = reference === undefined ? undefined : pathOf(reference);
    return path === undefined ? undefined : (valueAt(root, path) as Schema);
  };

  const resolve = (schema: Schema): readonly Schema[] => {
    const target = targetOf(schema);
    const branches = applicators.flatMap((key) => schema[key] ?? []);
    return [
      schema,
      ...[
        ...(target === undefined ? [] : [target]),
        ...branches.filter((branch) => !isReference(branch)),
        ...Object.values(schema.dependentSchemas ?? {}),
      ].flatMap(resolve),
    ];
  };

  const nameOf = (schema: Schema, owner: string): string =>
    resolve(schema)
      .map(({ $ref, $dynamicRef }) => ($dynamicRef === undefined ? $ref : '/schema'))
      .findLast((reference) => reference !== undefined && !isMixin(reference))
      ?.split('/')
      .at(-1) ?? owner;

  const valueOf = (schema: Schema | boolean, owner: string): unknown => {
    if (typeof schema === 'boolean') return 1;
    const parts = resolve(schema);
    const first = <K extends keyof Schema>(key: K): Schema[K] | undefined =>
      parts.find((part) => part[key] !== undefined)?.[key];
    if (first('const') !== undefined) return first('const');
    const [choice] = first('enum') ?? [];
    if (choice !== undefined) return choice;
    const type = [first('type') ?? 'object'].flat()[0];
    if (type === 'array') return [valueOf(first('items') ?? true, owner)];
    if (type !== 'object') return scalars[String(type)];
    return objectOf(parts, nameOf(schema, owner));
  };

  const objectOf = (parts: readonly Schema[], name: string): unknown => {
    const members = new Map<string, Schema | boolean>();
    for (const { properties = {}, patternProperties = {}, additionalProperties } of parts) {
      for (const [key, value] of Object.entries(properties)) {
        // Objects with a `$ref` are something else.
        if (key === '$ref' || value === false) continue;
        const known = members.get(key);
        if (known === undefined || (typeof known === 'object' && Object.keys(known).length === 0))
          members.set(key, value);
      }
      for (const [pattern, value] of Object.entries(patternProperties))
        for (const key of names.filter((each) => new RegExp(pattern, 'u').test(each)))
          if (value !== false) members.set(key, value);
      if (typeof additionalProperties === 'object') members.set('a/b', additionalProperties);
    }
    const object: Record<string, unknown> = {};
    for (const [key, value] of members) {
      const place = `${name}.${key}`;
      const isFirst = !places.has(place);
      places.add(place);
      object[key] = isFirst ? valueOf(value, place) : empty(value);
    }
    const longest = [...members.keys()]
      .filter((key) => /^[a-z]{6,}$/i.test(key) && !decisive.has(key))
      .toSorted((a, b) => b.length - a.length)[0];
    const isMap = ['/a', '200', 'a', 'a/b'].some((each) => members.has(each));
    if (hasMisspellings && longest !== undefined && !isMap) {
      const key = longest.slice(0, 2) + longest.slice(3);
      object[key] = 1;
      misspellings.push({ key, meant: longest });
    }
    return object;
  };

  const empty = (schema: Schema | boolean): unknown => {
    if (typeof schema === 'boolean') return 1;
    const parts = resolve(schema);
    const type = [parts.find((part) => part.type !== undefined)?.type ?? 'object'].flat()[0];
    return type === 'array' ? [] : type === 'object' ? {} : valueOf(schema, '');
  };

  const document = valueOf(root, 'document') as Readonly<Record<string, unknown>>;
  return { document, places, misspellings };
};

const applicators = ['allOf', 'anyOf', 'oneOf', 'then', 'else'] as const;

const isReference = ({ $ref = '' }: Schema): boolean => /\/reference$/i.test($ref);

/** They hold keys that several objects have. */
const isMixin = (reference: string): boolean =>
  /specification-extensions|\/examples$|explode-for-form|styles-for|XOR|ParameterLocation/.test(
    reference,
  );

/** Without them, more callers might be let in: misspelt, they are a problem. */
const decisive = new Set(['security']);

const scalars: Readonly<Record<string, unknown>> = {
  string: 'a',
  boolean: true,
  integer: 1,
  number: 1,
};

/** Of members that the schema names by a pattern. */
const names = [
  ...['/a', '200', '2XX', 'a', 'x-a'],
  ...['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'],
];
