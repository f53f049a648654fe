import {
  type ContractDocument,
  methods,
  type Operation,
  type OperationSection,
  type PathItem,
} from './document.ts';
import type { Path } from './problem.ts';

interface Section {
  readonly section: OperationSection | undefined;
  /** Where it is written. */
  readonly path: Path;
  readonly at: 'operation' | 'path' | 'defaults';
}

/** Every section that can set the keys of an operation, whether or not an operation uses it. */
export const sectionsOf = (document: ContractDocument): readonly Section[] => [
  ofDefaults(document),
  ...Object.entries(document.paths ?? {}).flatMap(([path, item]) => [
    ofPath(item, path),
    ...methods.map((method) => ofOperation(item?.[method], ['paths', path, method])),
  ]),
];

export interface Setting<T> {
  readonly value: T;
  /** Where it is written. */
  readonly path: Path;
  readonly at: Section['at'];
}

/** The value of a key in the closest of an operation, its path and the document's defaults, as a whole. */
export type NearestSetting = (key: string) => Setting<unknown> | undefined;

interface PlacedOperation {
  readonly operation: Operation;
  readonly place: Path;
  readonly item: PathItem;
  readonly path: string;
}

export const nearestSetting = (
  document: ContractDocument,
  { operation, place, item, path }: PlacedOperation,
): NearestSetting => {
  const sections = [ofOperation(operation, place), ofPath(item, path), ofDefaults(document)];
  return (key) => {
    for (const { section, path: owner, at } of sections) {
      const value = section?.[key];
      if (value !== undefined) return { value, path: [...owner, key], at };
    }
    return undefined;
  };
};

const ofOperation = (operation: Operation | undefined, place: Path): Section => ({
  section: operation?.['x-postern'],
  path: [...place, 'x-postern'],
  at: 'operation',
});

const ofPath = (item: PathItem | undefined, path: string): Section => ({
  section: item?.['x-postern'],
  path: ['paths', path, 'x-postern'],
  at: 'path',
});

const ofDefaults = (document: ContractDocument): Section => ({
  section: document['x-postern']?.defaults,
  path: ['x-postern', 'defaults'],
  at: 'defaults',
});
