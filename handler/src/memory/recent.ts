/** A map that drops entries that were not used for a while. */
export interface Recent<T> {
  find(key: string): T | undefined;
  keep(key: string, value: T): void;
  /** The value of the key. If there is none, `create` makes it. */
  get(key: string, create: () => T): T;
  readonly size: number;
}

/**
 * Has a maximum number of entries in two halves. When the newer half is full, the older half is dropped as a whole. So
 * an entry stays while fewer than half as many others are used, and nothing is ever moved or sorted.
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
