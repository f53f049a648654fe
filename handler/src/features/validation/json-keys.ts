import type { BodyViolation } from '../../http/gateway-error.ts';
import { placed } from './explain-error.ts';

/** The keys that a schema declares for an object, or for the objects in a list. Numbers are indexes in the table. */
export interface DeclaredKeys {
  /** The declared names, with the declarations for their values. */
  readonly properties: Readonly<Record<string, number>>;
  /** For the values of other keys. */
  readonly others: number;
  /** For items, where the value is a list. */
  readonly items: number;
}

export type KeyCheck = (text: Buffer, value: unknown) => BodyViolation | undefined;

/**
 * Finds objects that a service could read in another way than this check: an object with a duplicate key (RFC 8259 §4:
 * "unpredictable"), a key that differs from a declared one only in case, and two undeclared keys that differ only in
 * case. Readers that ignore case are the default in Go and .NET, and an option of Jackson. Characters that Unicode
 * calls compatible count as equal; `_` and `-` do not: `user_id` beside `userId` is not rare, and no JSON reader
 * confuses them.
 *
 * The check also receives the JSON text of the value. In a valid text each colon outside strings is one member; the
 * value has fewer members than the text if a key is repeated.
 *
 * The table is made when a body first needs it: that of a large contract has thousands of names.
 */
export const keyCheck = (table: () => readonly DeclaredKeys[]): ((root: number) => KeyCheck) => {
  let nodes: readonly KeyNode[] | undefined;
  return (root) => (text, value) => {
    nodes ??= table().map((keys) => new KeyNode(keys));
    const walk = walkKeys(nodes, root, value);
    if (typeof walk === 'object') return walk;
    return membersWritten(text) > walk ? { pointer: '', detail: 'repeats a key' } : undefined;
  };
};

/** Its maps are created when a body first needs them. */
class KeyNode {
  readonly others: number;
  readonly items: number;
  readonly #properties: DeclaredKeys['properties'];
  #names: ReadonlyMap<string, number> | undefined;
  #folded: ReadonlyMap<string, string> | undefined;

  constructor({ properties, others, items }: DeclaredKeys) {
    this.#properties = properties;
    this.others = others;
    this.items = items;
  }

  get names(): ReadonlyMap<string, number> {
    return (this.#names ??= new Map(Object.entries(this.#properties)));
  }

  declaredAs(folded: string): string | undefined {
    this.#folded ??= new Map([...this.names.keys()].map((name) => [fold(name), name]));
    return this.#folded.get(folded);
  }
}

const [quote, backslash, colon] = Buffer.from('"\\:');

const membersWritten = (text: Buffer): number => {
  let members = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const byte = text[index];
    if (byte === quote) isInString = !isInString;
    else if (isInString) index += byte === backslash ? 1 : 0;
    else if (byte === colon) members += 1;
  }
  return members;
};

/** Keys in their order, no two of which can be confused, and the declarations for their values. */
interface Shape {
  readonly keys: readonly string[];
  readonly nodes: readonly number[];
}

/**
 * The number of members of the value, or the first key that could be read as another. Without recursion: the client
 * chooses the depth. Objects with the same keys as an earlier one, as in most lists, are compared only with that one.
 */
const walkKeys = (
  nodes: readonly KeyNode[],
  root: number,
  value: unknown,
): number | BodyViolation => {
  let members = 0;
  const open: object[] = [];
  const openNodes: number[] = [];
  const shapesOfNodes: (Map<string, Shape> | undefined)[] = [];
  const add = (child: unknown, node: number): void => {
    if (typeof child !== 'object' || child === null) return;
    open.push(child);
    openNodes.push(node);
  };
  add(value, root);
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    const number = openNodes.pop() ?? 0;
    const node = nodes[number];
    if (node === undefined) continue;
    if (Array.isArray(current)) {
      for (const item of current) add(item, node.items);
      continue;
    }
    const shapes = (shapesOfNodes[number] ??= new Map<string, Shape>());
    let shape: Shape | undefined;
    let isKnown = true;
    let index = 0;
    for (const key in current) {
      if (index === 0) shape = shapes.get(key);
      const isSame = shape?.keys[index] === key;
      const next = isSame ? shape?.nodes[index] : node.names.get(key);
      isKnown &&= isSame;
      index += 1;
      add((current as Readonly<Record<string, unknown>>)[key], next ?? node.others);
    }
    members += index;
    if (isKnown) continue;
    const keys = Object.keys(current);
    const ambiguous = ambiguousKey(
      keys.filter((key) => !node.names.has(key)),
      node,
    );
    if (ambiguous !== undefined) {
      const pointer = `${pointerTo(value, current)}/${escaped(ambiguous.key)}`;
      return placed(pointer, `differs from "${ambiguous.other.slice(0, 64)}" only in case`);
    }
    const [first = ''] = keys;
    shapes.set(first, { keys, nodes: keys.map((key) => node.names.get(key) ?? node.others) });
  }
  return members;
};

const ambiguousKey = (
  keys: readonly string[],
  node: KeyNode,
): { readonly key: string; readonly other: string } | undefined => {
  const hasNames = node.names.size > 0;
  // If each key equals its folded form, no two are the same.
  let seen: Map<string, string> | undefined;
  for (const [index, key] of keys.entries()) {
    const folded = fold(key);
    if (folded !== key) seen ??= new Map(keys.slice(0, index).map((earlier) => [earlier, earlier]));
    const other = (hasNames ? node.declaredAs(folded) : undefined) ?? seen?.get(folded);
    if (other !== undefined) return { key, other };
    seen?.set(folded, key);
  }
  return undefined;
};

/** Uses upper case first: there `ſ` and `ı` are equal to `s` and `i`, as in Go and Java. */
const fold = (key: string): string => {
  for (let index = 0; index < key.length; index += 1) {
    if (key.charCodeAt(index) > 127) {
      return key.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('i\u0307', 'i');
    }
  }
  return key.toLowerCase();
};

/** Where an object is within a value, as a JSON Pointer (RFC 6901). */
const pointerTo = (value: unknown, target: object): string => {
  const open: { readonly value: unknown; readonly pointer: string }[] = [{ value, pointer: '' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value: current, pointer } = next;
    if (current === target) return pointer;
    if (typeof current !== 'object' || current === null) continue;
    for (const [key, child] of Object.entries(current)) {
      if (typeof child === 'object')
        open.push({ value: child, pointer: `${pointer}/${escaped(key)}` });
    }
  }
  return '';
};

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
