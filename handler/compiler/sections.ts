import { type ContractDocument, methods, type OperationSection } from './document.ts';
import type { Path } from './problem.ts';

interface Section {
  readonly section: OperationSection | undefined;
  /** Where it is written. */
  readonly path: Path;
  readonly at: 'operation' | 'path' | 'defaults';
}

/** Every section that can set the keys of an operation, whether or not an operation uses it. */
export const sectionsOf = (document: ContractDocument): readonly Section[] => [
  defaultsOf(document),
  ...Object.keys(document.paths ?? {}).flatMap((path) => [
    ofPath(document, path),
    ...methods.map((method) => ofOperation(document, path, method)),
  ]),
];

export interface Setting<T> {
  readonly value: T;
  /** Where it is written. */
  readonly path: Path;
  readonly at: Section['at'];
}

/** The value of a key in the closest of an operation, its path and the document's defaults, as a whole. */
export type NearestSetting = <K extends keyof OperationSection & string>(
  key: K,
) => Setting<NonNullable<OperationSection[K]>> | undefined;

export const nearestSetting = (
  document: ContractDocument,
  path: string,
  method: (typeof methods)[number],
): NearestSetting => {
  const sections = [
    ofOperation(document, path, method),
    ofPath(document, path),
    defaultsOf(document),
  ];
  return (key) => {
    for (const { section, path: place, at } of sections) {
      const value = section?.[key];
      if (value !== undefined) return { value, path: [...place, key], at };
    }
    return undefined;
  };
};

const ofOperation = (
  { paths }: ContractDocument,
  path: string,
  method: (typeof methods)[number],
): Section => ({
  section: paths?.[path]?.[method]?.['x-postern'],
  path: ['paths', path, method, 'x-postern'],
  at: 'operation',
});

const ofPath = ({ paths }: ContractDocument, path: string): Section => ({
  section: paths?.[path]?.['x-postern'],
  path: ['paths', path, 'x-postern'],
  at: 'path',
});

const defaultsOf = (document: ContractDocument): Section => ({
  section: document['x-postern']?.defaults,
  path: ['x-postern', 'defaults'],
  at: 'defaults',
});
