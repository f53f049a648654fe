import type { Written } from './text-values.ts';

const deepest = 8;

/**
 * Texts by names such as `[user][name]` or `[tags][]`, as a tree. A text if a name has no meaning: brackets that are not
 * closed, too many of them, or one name for both a value and its parts.
 */
export const nestedNames = (texts: ReadonlyMap<string, readonly string[]>): Written | string => {
  const root = new Map<string, Written>();
  for (const [name, values] of texts) {
    if (!/^(?:\[[^[\]]*\])+$/.test(name)) return 'has brackets that do not match';
    const keys = name.slice(1, -1).split('][');
    if (keys.length > deepest) return 'is nested too deeply';
    let parts = root;
    for (const key of keys.slice(0, -1)) {
      const next = parts.get(key) ?? new Map<string, Written>();
      if (!(next instanceof Map)) return ambiguous;
      parts.set(key, next);
      parts = next as Map<string, Written>;
    }
    const last = keys.at(-1) ?? '';
    if (parts.has(last)) return ambiguous;
    parts.set(last, values);
  }
  return root;
};

const ambiguous = 'has one name for a value and for its parts';
