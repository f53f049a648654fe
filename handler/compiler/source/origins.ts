import type { Path } from '../problem.ts';
import type { Locate } from './placed-document.ts';

/** A part of a document that `locate` knows. */
export interface Origin {
  readonly locate: Locate;
  readonly path: Path;
}

interface Part {
  /** Absent: it is written where its parent is. */
  origin?: Origin;
  readonly children: Map<string, Part>;
}

/** Where the parts of a document were written that is put together from several. */
export class Origins {
  readonly #root: Part;

  constructor(locate: Locate) {
    this.#root = { origin: { locate, path: [] }, children: new Map() };
  }

  /** What is at this path, with all that it contains, was written there. */
  place(path: Path, origin: Origin): void {
    this.#set(path, { origin, children: new Map() });
  }

  of(path: Path): Origin {
    let part: Part | undefined = this.#root;
    let found = this.#root.origin as Origin;
    let depth = 0;
    for (const [index, key] of path.entries()) {
      part = part.children.get(String(key));
      if (part === undefined) break;
      if (part.origin !== undefined) [found, depth] = [part.origin, index + 1];
    }
    return { locate: found.locate, path: [...found.path, ...path.slice(depth)] };
  }

  /** The items of a list after this one move one place ahead. */
  removeItem(list: Path, index: number, length: number): void {
    for (let at = index; at + 1 < length; at += 1) {
      const children = this.#at([...list, at + 1])?.children ?? new Map<string, Part>();
      this.#set([...list, at], { origin: this.of([...list, at + 1]), children });
    }
  }

  readonly locate: Locate = (path, at) => {
    const origin = this.of(path);
    return origin.locate(origin.path, at);
  };

  #at(path: Path): Part | undefined {
    return path.reduce<Part | undefined>(
      (part, key) => part?.children.get(String(key)),
      this.#root,
    );
  }

  #set(path: Path, part: Part): void {
    let parent = this.#root;
    for (const key of path.slice(0, -1).map(String)) {
      const child: Part = parent.children.get(key) ?? { children: new Map() };
      parent.children.set(key, child);
      parent = child;
    }
    const last = path.at(-1);
    if (last === undefined) Object.assign(parent, { origin: part.origin });
    else parent.children.set(String(last), part);
  }
}
