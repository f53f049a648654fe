import { posix } from 'node:path';
import { suggestion } from '../nearest.ts';
import type { Path, Place } from '../problem.ts';
import { pathOf, pointerTo, valueAt } from '../references.ts';
import { ComposedDocument, type Origin } from './composed-document.ts';
import {
  componentsOf,
  type Kind,
  type Reference,
  referencesAmong,
  referencesIn,
} from './openapi-references.ts';
import type { PlacedDocument } from './placed-document.ts';
import type { ProjectFiles } from './project-files.ts';

/**
 * Makes one document of a document and the files that it refers to. What it refers to in other files becomes a
 * component, with the name that it has there; a path item, which cannot be one everywhere, is put in place.
 */
export const bundleReferences = (
  document: PlacedDocument,
  file: string,
  files: ProjectFiles,
): PlacedDocument => {
  if (![...referencesIn(document.value, 'document')].some(isElsewhere)) return document;
  const bundle = new Bundle(document, file, files);
  bundle.add(referencesIn(bundle.value, 'document'), file);
  return bundle;
};

/** The mapping of a discriminator names schemas by their name, too. */
const isElsewhere = ({ pointer, key, kind, isMap }: Reference): boolean =>
  isMap || isAlwaysInPlace(kind) || !(pointer.startsWith('#') || isSchemaName(pointer, key));

const isSchemaName = (pointer: string, key: string): boolean =>
  key !== '$ref' && !/[./]/.test(pointer);

/** What cannot be a component in OpenAPI 3.0, and the rest of the compiler expects in its place. */
const isAlwaysInPlace = (kind: Kind): boolean =>
  kind === 'pathItem' || componentsOf.get(kind) === undefined;

interface Target {
  readonly value: unknown;
  readonly origin: Origin;
}

class Bundle extends ComposedDocument {
  readonly #file: string;
  readonly #files: ProjectFiles;
  /** Where the parts of other files are in this document, by their URI and kind. */
  readonly #places = new Map<string, Path>();

  constructor(document: PlacedDocument, file: string, files: ProjectFiles) {
    super(document);
    this.#file = file;
    this.#files = files;
  }

  /** Replaces the references to other files among those of a part of this document, which was written in `file`. */
  add(references: Iterable<Reference>, file: string, within: readonly string[] = []): void {
    for (const reference of [...references]) this.#replace(reference, file, within);
  }

  #replace(reference: Reference, from: string, within: readonly string[]): void {
    const { pointer, path, owner, key, kind, isMap } = reference;
    if (from === this.#file && !isElsewhere(reference)) return;
    // An anchor, or the URI of a schema, which JSON Schema defines.
    if (pointer.startsWith('#') && !pointer.startsWith('#/') && pointer !== '#') return;
    const place = this.locate([...path, key], 'value');
    const [name = '', fragment = ''] = pointer.split('#', 2);
    const file = name === '' ? from : this.#files.resolve(name, from, place);
    if (file === undefined) return;

    const uri = `${file}#${fragment}`;
    const isPutInPlace = isMap || isAlwaysInPlace(kind);
    const known = file === this.#file ? pathOf(`#${fragment}`) : this.#places.get(`${kind} ${uri}`);
    if (known !== undefined && !isPutInPlace) {
      owner[key] = pointerTo(known);
      return;
    }
    const target = this.#find(file, fragment, pointer, place);
    if (target === undefined) return;
    if (within.includes(uri)) {
      this.#files.problems.push({ ...place, message: `"${pointer}" leads back to itself` });
      return;
    }
    const at = isPutInPlace ? path : this.#componentPlace(reference, nameOf(file, fragment));
    if (!isPutInPlace) this.#places.set(`${kind} ${uri}`, at);
    if (at === path) this.#putInPlace(reference, target);
    else {
      this.put(at, target.value, target.origin);
      owner[key] = pointerTo(at);
    }
    const value = this.at(at);
    const inner = isMap ? referencesAmong(value, kind, at) : referencesIn(value, kind, at);
    this.add(inner, file, [...within, uri]);
  }

  /** A component that is nothing but a reference becomes what it refers to. */
  #componentPlace({ path, owner, kind }: Reference, name: string): Path {
    const section = componentsOf.get(kind) ?? '';
    const isComponent = path.length === 3 && path[0] === 'components' && path[1] === section;
    if (isComponent && Object.keys(owner).length === 1) return path;
    const taken = this.at(['components', section]) ?? {};
    return ['components', section, freeName(name, (one) => Object.hasOwn(taken, one))];
  }

  /** What stands beside the reference has precedence. */
  #putInPlace({ path, owner, key }: Reference, { value, origin }: Target): void {
    const beside = Object.entries(owner)
      .filter(([name]) => name !== key)
      .map(([name, own]) => ({ name, own, origin: this.origin([...path, name]) }));
    this.put(path, value, origin);
    for (const { name, own, ...written } of beside) this.put([...path, name], own, written.origin);
  }

  /** What a URI refers to, or a problem. */
  #find(file: string, fragment: string, pointer: string, place: Place): Target | undefined {
    const path = fragment === '' ? [] : pathOf(`#${fragment}`);
    const source = file === this.#file ? this : this.#files.read(file, place);
    if (source === undefined) return undefined;
    const value = path && valueAt(source.value, path);
    if (path !== undefined && value !== undefined) {
      const origin = { locate: source.locate, path };
      return { value, origin: source === this ? this.origin(path) : origin };
    }
    const siblings = Object.keys(valueAt(source.value, path?.slice(0, -1) ?? []) ?? {});
    const hint = path && suggestion(String(path.at(-1)), siblings);
    const message = `"${pointer}" refers to nothing${hint ?? ' — a fragment starts with #/'}`;
    this.#files.problems.push({ ...place, message });
    return undefined;
  }
}

/** The name, or the first of `name_2`, `name_3`, … that is free. */
export const freeName = (name: string, isTaken: (name: string) => boolean): string => {
  let free = name;
  for (let number = 2; isTaken(free); number += 1) free = `${name}_${number}`;
  return free;
};

/** The last key of the fragment, or the file's name, in the characters that OpenAPI allows for components. */
const nameOf = (file: string, fragment: string): string => {
  const last = pathOf(`#${fragment}`)?.at(-1) ?? posix.basename(file).replace(/(?<=.)\..*$/, '');
  return String(last).replaceAll(/[^A-Za-z0-9._-]+/g, '_');
};
