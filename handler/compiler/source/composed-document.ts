import type { Path } from '../problem.ts';
import { valueAt } from '../references.ts';
import type { Locate, PlacedDocument } from './placed-document.ts';

/** A part of a document. */
export interface Origin {
  readonly locate: Locate;
  readonly path: Path;
}

interface Part {
  /** Absent: it was written where its parent was. */
  readonly origin?: Origin;
  readonly children: Map<string, Part>;
}

type Mutable = Record<string | number, unknown>;

/** A document whose parts can be changed, and that keeps where each of them was written. */
export class ComposedDocument implements PlacedDocument {
  readonly value: unknown;
  readonly #root: Part & { readonly origin: Origin };

  constructor({ value, locate }: PlacedDocument) {
    this.value = structuredClone(value);
    this.#root = { origin: { locate, path: [] }, children: new Map() };
  }

  readonly locate: Locate = (path, at) => {
    const origin = this.origin(path);
    return origin.locate(origin.path, at);
  };

  /** Where the part at a path was written. */
  origin(path: Path): Origin {
    let part: Part | undefined = this.#root;
    let found: Origin = this.#root.origin;
    let depth = 0;
    for (const [index, key] of path.entries()) {
      part = part.children.get(String(key));
      if (part === undefined) break;
      if (part.origin !== undefined) [found, depth] = [part.origin, index + 1];
    }
    return { locate: found.locate, path: [...found.path, ...path.slice(depth)] };
  }

  at(path: Path): unknown {
    return valueAt(this.value, path);
  }

  /** Adds or replaces a part, with the objects and lists that are missing on the way. */
  put(path: Path, value: unknown, origin: Origin): void {
    let parent: unknown = this.value;
    for (const [index, key] of path.slice(0, -1).entries()) {
      if (valueAt(parent, [key]) === undefined)
        set(parent, key, typeof path[index + 1] === 'number' ? [] : {});
      parent = valueAt(parent, [key]);
    }
    set(parent, path.at(-1) ?? '', structuredClone(value));
    this.#place(path, { origin, children: new Map() });
  }

  /** The items of a list after a removed one move one place ahead. */
  remove(path: Path): void {
    const list = path.slice(0, -1);
    const parent = this.at(list) as Mutable | unknown[];
    const key = path.at(-1) ?? '';
    if (Array.isArray(parent)) {
      for (let index = Number(key); index + 1 < parent.length; index += 1) {
        const next = [...list, index + 1];
        const children = this.#part(next)?.children ?? new Map<string, Part>();
        this.#place([...list, index], { origin: this.origin(next), children });
      }
      parent.splice(Number(key), 1);
    } else delete parent[key];
  }

  #part(path: Path): Part | undefined {
    return path.reduce<Part | undefined>(
      (part, key) => part?.children.get(String(key)),
      this.#root,
    );
  }

  #place(path: Path, part: Part): void {
    let parent: Part = this.#root;
    for (const key of path.slice(0, -1).map(String)) {
      const child = parent.children.get(key) ?? { children: new Map() };
      parent.children.set(key, child);
      parent = child;
    }
    parent.children.set(String(path.at(-1)), part);
  }
}

/** Also for a key such as `__proto__`, which is a name like any other in a document. */
const set = (parent: unknown, key: string | number, value: unknown): void => {
  const property = { value, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(parent, key, property);
};
