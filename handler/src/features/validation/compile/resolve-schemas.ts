import type { Path, Report } from '../../../../compiler/problem.ts';
import { pathOf, valueAt } from '../../../../compiler/references.ts';
import { planDiscriminator } from './plan-discriminator.ts';
import { isSchema, type Schema } from './schema-groups.ts';

/** A document whose schemas refer to each other by JSON Pointers only. */
export interface ResolvedSchemas {
  readonly document: object;
  /** Where a schema of the original document is. */
  readonly placeOf: (schema: Path) => Path;
  /** Where a part of the resolved document is in the original. */
  readonly originOf: (place: Path) => Path;
}

/**
 * Resolves what JSON Schema (2020-12 core, §8.2 and §8.2.3) resolves in other ways: by `$id`, `$anchor`, `$dynamicRef`.
 * What a `$dynamicRef` leads to depends on the schemas that lead to it, so a schema is written once for each set of
 * dynamic anchors in its scope. A document without these keywords stays as it is.
 */
export const resolveSchemas = (
  document: object,
  schemas: readonly Path[],
  report: Report,
): ResolvedSchemas => {
  const same = (path: Path): Path => path;
  if (!hasIdentifiers(document)) return { document, placeOf: same, originOf: same };
  const resolver = new Resolver(document, report);
  for (const path of schemas) resolver.add(path);
  return {
    document: { $defs: resolver.written },
    placeOf: (schema) => ['$defs', resolver.nameAt(schema)],
    originOf: ([, name = '', ...within]) => [...resolver.originOf(String(name)), ...within],
  };
};

const identifiers: ReadonlySet<string> = new Set(['$id', '$anchor', '$dynamicRef']);

const hasIdentifiers = (document: object): boolean => {
  const open: unknown[] = [document];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!isSchema(next)) continue;
    for (const [key, value] of Object.entries(next)) {
      if (identifiers.has(key) && typeof value === 'string') return true;
      if (isSchema(value)) open.push(value);
    }
  }
  return false;
};

/** A schema with a URI of its own, and what is within it. */
interface Resource {
  readonly uri: string;
  readonly root: unknown;
  readonly path: Path;
  readonly anchors: Map<string, unknown>;
  readonly dynamicAnchors: Map<string, Schema>;
}

/** The schemas that dynamic anchors lead to: of each name, the outermost in the dynamic scope. */
type Scope = ReadonlyMap<string, Schema>;

const documentUri = 'document:///';

class Resolver {
  readonly written: Record<string, unknown> = {};
  readonly #document: object;
  readonly #resources = new Map<string, Resource>();
  readonly #resourceOf = new Map<unknown, Resource>();
  readonly #names = new Map<unknown, Map<string, string>>();
  readonly #numbers = new Map<unknown, number>();
  readonly #paths = new Map<unknown, Path>();
  readonly #origins = new Map<string, Path>();
  readonly #whole: Resource;
  readonly #report: Report;

  constructor(document: object, report: Report) {
    this.#document = document;
    this.#report = report;
    this.#whole = newResource(documentUri, document, []);
    this.#resources.set(documentUri, this.#whole);
  }

  add(path: Path): void {
    const schema = valueAt(this.#document, path);
    this.#index(schema, this.#whole, path);
    this.#nameOf(schema, new Map());
  }

  nameAt(path: Path): string {
    return this.#nameOf(valueAt(this.#document, path), new Map());
  }

  originOf(name: string): Path {
    return this.#origins.get(name) ?? [];
  }

  /** Notes the resource of each schema, and the names in it. */
  #index(schema: unknown, within: Resource, path: Path): void {
    if (!isSchema(schema) || this.#resourceOf.has(schema)) return;
    const resource = this.#resourceFor(schema, within, path);
    this.#paths.set(schema, path);
    this.#resourceOf.set(schema, resource);
    const { $anchor, $dynamicAnchor } = schema;
    if (typeof $anchor === 'string') resource.anchors.set($anchor, schema);
    if (typeof $dynamicAnchor === 'string') {
      resource.anchors.set($dynamicAnchor, schema);
      resource.dynamicAnchors.set($dynamicAnchor, schema);
    }
    for (const [key, value] of Object.entries(schema)) {
      for (const [within, child] of childrenAt(key, value))
        this.#index(child, resource, [...path, ...within]);
    }
  }

  #resourceFor(schema: Schema, within: Resource, path: Path): Resource {
    const { $id } = schema;
    const uri =
      typeof $id === 'string' ? absolute($id, within.uri)?.split('#', 1).join() : undefined;
    if (uri === undefined || uri === within.uri) return within;
    const resource = newResource(uri, schema, path);
    this.#resources.set(uri, resource);
    return resource;
  }

  /** The name under which a schema is written for a scope. */
  #nameOf(schema: unknown, outer: Scope): string {
    const scope = this.#entered(schema, outer);
    const key = [...scope].map(([name, target]) => `${name} ${this.#numberOf(target)}`).join();
    const names = this.#names.get(schema) ?? new Map<string, string>();
    this.#names.set(schema, names);
    const known = names.get(key);
    if (known !== undefined) return known;
    const name = `schema_${Object.keys(this.written).length}`;
    names.set(key, name);
    this.#origins.set(name, this.#paths.get(schema) ?? []);
    // Reserves the name: the schema may refer back to itself.
    this.written[name] = true;
    this.written[name] = this.#copy(schema, outer);
    return name;
  }

  #numberOf(schema: unknown): number {
    const number = this.#numbers.get(schema) ?? this.#numbers.size;
    this.#numbers.set(schema, number);
    return number;
  }

  /** The scope within a schema. */
  #entered(schema: unknown, outer: Scope): Scope {
    return new Map([...(this.#resourceOf.get(schema)?.dynamicAnchors ?? []), ...outer]);
  }

  #copy(schema: unknown, outer: Scope): unknown {
    if (!isSchema(schema)) return schema;
    const scope = this.#entered(schema, outer);
    const copy: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(schema)) {
      if (key === '$ref' || key === '$dynamicRef' || dropped.has(key)) continue;
      define(
        copy,
        key,
        mapChildren(key, value, (child) => this.#copy(child, scope)),
      );
    }
    const targets = [
      ...(typeof schema['$ref'] === 'string' ? [this.#find(schema, schema['$ref'])] : []),
      ...(typeof schema['$dynamicRef'] === 'string'
        ? [this.#findDynamic(schema, schema['$dynamicRef'], scope)]
        : []),
    ];
    const [reference, dynamic] = targets.map((target) => ({
      $ref: `#/$defs/${this.#nameOf(target, scope)}`,
    }));
    if (isSchema(schema['discriminator'])) copy['discriminator'] = mapped(schema, copy);
    const all = [copy['allOf'] ?? []].flat();
    if (dynamic !== undefined) copy['allOf'] = [...all, dynamic];
    return { ...copy, ...reference };
  }

  #find(from: Schema, reference: string): unknown {
    const base = this.#resourceOf.get(from)?.uri ?? documentUri;
    const [uri = '', fragment = ''] = (absolute(reference, base) ?? reference).split('#', 2);
    // In OpenAPI, `#/components/…` is meant of the whole document also within a schema that has an `$id`.
    const resources = [this.#resources.get(uri), this.#resources.get(documentUri)];
    for (const resource of resources) {
      if (resource === undefined) continue;
      const found =
        fragment === '' || fragment.startsWith('/')
          ? this.#at(resource, fragment)
          : resource.anchors.get(decodeURIComponent(fragment));
      if (found !== undefined) return found;
    }
    this.#report(
      [...(this.#paths.get(from) ?? []), from['$ref'] === reference ? '$ref' : '$dynamicRef'],
      `"${reference}" refers to nothing`,
    );
    return true;
  }

  #at(resource: Resource, fragment: string): unknown {
    const path = pathOf(`#${fragment}`) ?? [];
    const found = valueAt(resource.root, path);
    // A schema in a place that no keyword declares.
    this.#index(found, resource, [...resource.path, ...path]);
    return found;
  }

  /** An anchor that is dynamic where the reference leads to is the outermost one of its name. */
  #findDynamic(from: Schema, reference: string, scope: Scope): unknown {
    const found = this.#find(from, reference);
    const name = reference.split('#', 2)[1] ?? '';
    const isDynamic = isSchema(found) && found['$dynamicAnchor'] === name;
    return isDynamic ? (scope.get(name) ?? found) : found;
  }
}

const newResource = (uri: string, root: unknown, path: Path): Resource => ({
  ...{ uri, root, path },
  anchors: new Map(),
  dynamicAnchors: new Map(),
});

const absolute = (reference: string, base: string): string | undefined =>
  URL.canParse(reference, base) ? new URL(reference, base).href : undefined;

const dropped: ReadonlySet<string> = new Set([
  ...['$id', '$schema', '$anchor', '$dynamicAnchor', '$defs', 'definitions', '$vocabulary'],
]);

const oneSchema: ReadonlySet<string> = new Set([
  ...['not', 'if', 'then', 'else', 'items', 'contains', 'additionalProperties', 'propertyNames'],
  ...['unevaluatedItems', 'unevaluatedProperties'],
]);
const manySchemas: ReadonlySet<string> = new Set([
  ...['allOf', 'anyOf', 'oneOf', 'prefixItems', 'properties', 'patternProperties'],
  ...['dependentSchemas', '$defs', 'definitions'],
]);

const childrenAt = (
  keyword: string,
  value: unknown,
): ReadonlyArray<readonly [within: Path, child: unknown]> => {
  if (oneSchema.has(keyword)) return [[[keyword], value]];
  if (!manySchemas.has(keyword) || !isSchema(value)) return [];
  return Object.entries(value).map(([key, child]) => [[keyword, key], child] as const);
};

const mapChildren = (
  keyword: string,
  value: unknown,
  map: (child: unknown) => unknown,
): unknown => {
  if (oneSchema.has(keyword)) return map(value);
  if (!manySchemas.has(keyword) || !isSchema(value)) return value;
  if (Array.isArray(value)) return value.map(map);
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, map(child)]));
};

/** A discriminator that names the branches of a copy, whose references are others. */
const mapped = (schema: Schema, copy: Schema): object => {
  const branches = (of: Schema): readonly Schema[] =>
    (of['oneOf'] ?? of['anyOf'] ?? []) as readonly Schema[];
  const plan = planDiscriminator(schema['discriminator'], branches(schema));
  const referenceAt = (index: number): unknown => branches(copy)[index]?.['$ref'];
  return {
    propertyName: plan?.property,
    mapping: Object.fromEntries(
      Object.entries(plan?.branches ?? {}).map(([value, index]) => [value, referenceAt(index)]),
    ),
    ...(plan?.otherwise !== undefined && { defaultMapping: referenceAt(plan.otherwise) }),
  };
};

/** Also a key such as `__proto__`. */
const define = (object: object, key: string, value: unknown): void => {
  Object.defineProperty(object, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
};
