import type { DeclaredKeys } from '../json-keys.ts';
import type { Path } from '../../../../compiler/problem.ts';
import { isReferenceAlone, type Located, valueAt } from '../../../../compiler/references.ts';
import { groupOf, partsOf } from './schema-groups.ts';

export interface KeyPlan {
  /** The first declares nothing. */
  readonly nodes: readonly DeclaredKeys[];
  /** By the schema of a body; 0 if no object in it has a declared property. */
  rootOf(schema: Path): number;
  /** The same of the value of a property. */
  memberOf(schema: Path, property: string): number;
}

/** The names that each object in a body may have by all its schemas, however they are combined. */
export const planKeys = (document: unknown, schemas: readonly Path[]): KeyPlan => {
  const nodes: DeclaredKeys[] = [{ properties: {}, others: 0, items: 0 }];
  const numbers = new Map<unknown, number>();
  const known = new Map<string, number>([['', 0]]);
  const numberOf = ({ value }: Located<unknown>): number => {
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    return number;
  };
  const nodeFor = (parts: readonly Located<unknown>[]): number => {
    const group = groupOf(document, parts).filter(({ value }) => !isReferenceAlone(value));
    const key = group
      .map(numberOf)
      .sort((a, b) => a - b)
      .join();
    const found = known.get(key);
    if (found !== undefined) return found;
    const node = nodes.length;
    known.set(key, node);
    nodes.push({ properties: {}, others: 0, items: 0 });
    const { properties, otherProperties, prefixItems, items } = partsOf(group);
    nodes[node] = {
      properties: Object.fromEntries(
        [...properties].map(([name, schemas]) => [name, nodeFor(schemas)]),
      ),
      others: nodeFor(otherProperties),
      items: nodeFor([...prefixItems.flat(), ...items]),
    };
    return node;
  };
  const roots = new Map(
    schemas.map((path) => [path.join('\0'), nodeFor([{ value: valueAt(document, path), path }])]),
  );
  const reduced = withoutEmpty(nodes);
  const rootOf = (schema: Path): number => reduced.indexOf(roots.get(schema.join('\0')) ?? 0);
  return {
    nodes: reduced.nodes,
    rootOf,
    memberOf: (schema, property) => {
      const { properties = {}, others = 0 } = reduced.nodes[rootOf(schema)] ?? {};
      return Object.hasOwn(properties, property) ? (properties[property] ?? 0) : others;
    },
  };
};

/** Leaves out the nodes from which no name can be reached. */
const withoutEmpty = (nodes: readonly DeclaredKeys[]) => {
  const useful = new Set<number>();
  const isUseful = ({ properties, others, items }: DeclaredKeys): boolean =>
    Object.keys(properties).length > 0 || useful.has(others) || useful.has(items);
  for (let size = -1; size < useful.size;) {
    size = useful.size;
    nodes.forEach((node, index) => {
      if (isUseful(node)) useful.add(index);
    });
  }
  const order = [0, ...nodes.keys()].filter((index, place) => place === 0 || useful.has(index));
  const indices = new Map(order.map((index, place) => [index, place]));
  const indexOf = (index: number): number => indices.get(index) ?? 0;
  return {
    indexOf,
    nodes: order.map((index) => {
      const { properties = {}, others = 0, items = 0 } = nodes[index] ?? {};
      return {
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, node]) => [name, indexOf(node)]),
        ),
        others: indexOf(others),
        items: indexOf(items),
      };
    }),
  };
};
