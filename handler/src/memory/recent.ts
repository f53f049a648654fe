/** A map that forgets what was not asked for in a while. */
export interface Recent<T> {
  find(key: string): T | undefined;
  keep(key: string, value: T): void;
  /** What is held under the key, else what `create` makes of it. */
  get(key: string, create: () => T): T;
  readonly size: number;
}

/**
 * Holds at most so many entries: the younger half, and the half before it, which is dropped whole when the younger one is
 * full. So an entry stays while fewer than half as many others are asked for, and nothing is ever moved or sorted.
 */
export const createRecent = <T>(maxEntries: number): Recent<T> => {
  let younger = new Map<string, T>();
  let older = new Map<string, T>();

  const keep = (key: string, value: T): void => {
    if (younger.size >= maxEntries / 2 && !younger.has(key)) {
      older = younger;
      younger = new Map();
    }
    younger.set(key, value);
  };

  const find = (key: string): T | undefined => {
    const young = younger.get(key);
    if (young !== undefined) return young;
    const old = older.get(key);
    if (old !== undefined) keep(key, old);
    return old;
  };

  return {
    find,
    keep,
    get: (key, create) => {
      const known = find(key);
      if (known !== undefined) return known;
      const created = create();
      keep(key, created);
      return created;
    },
    get size() {
      return younger.size + older.size;
    },
  };
};
