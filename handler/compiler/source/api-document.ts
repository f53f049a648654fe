import { isDeepStrictEqual } from 'node:util';
import type { Path } from '../problem.ts';
import { pathOf, pointerTo, valueAt } from '../references.ts';
import { targetKeys } from '../upstream-kinds.ts';
import { freeName } from './bundle-references.ts';
import { ComposedDocument } from './composed-document.ts';
import {
  componentsOf,
  isObject,
  operationKeys,
  partsIn,
  type Reference,
  referencesIn,
} from './openapi-references.ts';
import type { Locate, PlacedDocument } from './placed-document.ts';

/** An entry of `x-postern.apis`, and the document that it names. */
export interface Api {
  readonly name: string;
  readonly pathPrefix: string;
  /** Whether the upstream gets paths as the document has them, without the prefix. */
  readonly stripPrefix: boolean;
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly document: PlacedDocument;
}

/** The document of an API, on its way into the contract. */
export class ApiDocument extends ComposedDocument {
  readonly #api: Api;

  constructor(api: Api) {
    super(api.document);
    this.#api = api;
  }

  publicPath(path: string): string {
    const { pathPrefix } = this.#api;
    return pathPrefix !== '' && path === '/' ? pathPrefix : `${pathPrefix}${path}`;
  }

  entriesAt(path: Path): ReadonlyArray<readonly [name: string, value: unknown]> {
    const value = this.at(path);
    return isObject(value) ? Object.entries(value) : [];
  }

  /** Gives another name to the components and operations whose names are taken by something else. */
  rename(whole: ComposedDocument, contract: PlacedDocument): void {
    const renamed = this.#renameComponents(whole, contract);
    const renamedIds = this.#renameOperations(whole);
    for (const { owner, key, pointer } of referencesIn(this.value, 'document')) {
      const name = key === '$ref' ? undefined : renamed.get(`schemas/${pointer}`);
      owner[key] = name ?? this.#moved(pointer, renamed);
    }
    for (const { object, kind, path } of partsIn(this.value, 'document')) {
      if (kind === 'operation' || kind === 'document') this.#renameSecurity(path, renamed);
      if (kind !== 'link') continue;
      const { operationId, operationRef } = object;
      if (renamedIds.has(operationId)) object['operationId'] = renamedIds.get(operationId);
      if (typeof operationRef === 'string')
        object['operationRef'] = this.#moved(operationRef, renamed);
    }
  }

  /** Writes at each operation what the document and its entry in the contract say for all of them. */
  complete(contract: Locate): void {
    const security = this.at(['security']);
    const entry = ['x-postern', 'apis', this.#api.name];
    for (const [path, item] of this.entriesAt(['paths'])) {
      if (!isObject(item)) continue;
      const place = ['paths', path];
      delete item['servers'];
      for (const method of operationKeys) {
        const operation = item[method];
        if (!isObject(operation)) continue;
        delete operation['servers'];
        if (security !== undefined && operation['security'] === undefined)
          this.put([...place, method, 'security'], security, this.origin(['security']));
      }
      if (!isObject(item['x-postern'] ?? {})) continue;
      const settings = Object.entries(this.#api.defaults).map(
        ([key, value]) => [key, value, ['defaults', key]] as const,
      );
      for (const [key, value, written] of [...settings, ...this.#rewriteOf(path)])
        if (!this.#says([...place, 'x-postern'], key))
          this.put([...place, 'x-postern', key], value, {
            locate: contract,
            path: [...entry, ...written],
          });
    }
  }

  /** Of the keys that say what responds, one is enough. */
  #says(section: Path, key: string): boolean {
    const keys = targetKeys.has(key) ? [...targetKeys.keys()] : [key];
    return keys.some((each) => this.at([...section, each]) !== undefined);
  }

  #rewriteOf(path: string): ReadonlyArray<readonly [key: string, value: unknown, written: Path]> {
    const { pathPrefix, stripPrefix } = this.#api;
    return pathPrefix !== '' && stripPrefix ? [['rewrite', path, ['pathPrefix']]] : [];
  }

  /** A pointer to what was given another name or path. */
  #moved(pointer: string, renamed: ReadonlyMap<string, string>): string {
    const [first, second, third, ...rest] = pathOf(pointer) ?? [];
    if (first === 'paths' && second !== undefined)
      return pointerTo([first, this.publicPath(String(second)), third ?? [], rest].flat());
    const name = first === 'components' ? renamed.get(`${second}/${third}`) : undefined;
    return name === undefined ? pointer : pointerTo([first, second, name, ...rest].map(String));
  }

  /** By section and name. A component that refers to a renamed one differs from its namesake as well. */
  #renameComponents(
    whole: ComposedDocument,
    contract: PlacedDocument,
  ): ReadonlyMap<string, string> {
    const renamed = new Map<string, string>();
    const isRenamed = ({ pointer }: Reference): boolean =>
      this.#moved(pointer, renamed) !== pointer;
    const shared = [...componentsOf].flatMap(([kind, section]) =>
      this.entriesAt(['components', section])
        .filter(([name]) => whole.at(['components', section, name]) !== undefined)
        .filter(([name]) => section !== 'securitySchemes' || !isMappedIn(contract, name))
        .map(([name, value]) => ({ kind, section, name, value })),
    );
    for (let last = -1; last < renamed.size;) {
      last = renamed.size;
      for (const { kind, section, name, value } of shared) {
        const path = ['components', section, name];
        if (renamed.has(`${section}/${name}`)) continue;
        const isSame = isDeepStrictEqual(whole.at(path), value);
        if (isSame && ![...referencesIn(value, kind)].some(isRenamed)) continue;
        const isTaken = (one: string): boolean =>
          [whole, this].some((document) => document.at(['components', section, one]) !== undefined);
        const free = freeName(`${name}_${this.#api.name}`, isTaken);
        this.put(['components', section, free], value, this.origin(path));
        this.remove(path);
        renamed.set(`${section}/${name}`, free);
      }
    }
    return renamed;
  }

  #renameOperations(whole: ComposedDocument): ReadonlyMap<unknown, string> {
    const taken = operationIdsIn(whole.value);
    const renamed = new Map<unknown, string>();
    for (const { object, kind } of partsIn(this.value, 'document')) {
      const { operationId } = object;
      if (kind !== 'operation' || !taken.has(operationId)) continue;
      const id = freeName(`${String(operationId)}_${this.#api.name}`, (one) => taken.has(one));
      object['operationId'] = id;
      renamed.set(operationId, id);
    }
    return renamed;
  }

  #renameSecurity(path: Path, renamed: ReadonlyMap<string, string>): void {
    const security = this.at([...path, 'security']);
    if (!Array.isArray(security)) return;
    for (const [index, requirement] of security.entries())
      for (const [scheme, roles] of this.entriesAt([...path, 'security', index])) {
        const name = renamed.get(`securitySchemes/${scheme}`);
        if (name === undefined) continue;
        const place = [...path, 'security', index];
        this.put([...place, name], roles, this.origin([...place, scheme]));
        delete (requirement as Record<string, unknown>)[scheme];
      }
  }
}

/** The contract says what such a scheme stands for, in every document. */
const isMappedIn = ({ value }: PlacedDocument, scheme: string): boolean =>
  [
    ['components', 'securitySchemes', scheme],
    ['x-postern', 'securitySchemes', scheme],
  ].some((path) => valueAt(value, path) !== undefined);

const operationIdsIn = (document: unknown): ReadonlySet<unknown> => {
  const operations = [...partsIn(document, 'document')].filter(({ kind }) => kind === 'operation');
  return new Set(operations.flatMap(({ object }) => object['operationId'] ?? []));
};
