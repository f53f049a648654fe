import type { ContractDocument, methods, OperationSection } from './document.ts';
import type { Path } from './problem.ts';

export interface Setting<T> {
  readonly value: T;
  /** Where it is written. */
  readonly path: Path;
  readonly at: 'operation' | 'path' | 'defaults';
}

/** The value of a key in the closest of an operation, its path and the document's defaults, as a whole. */
export type NearestSetting = <K extends keyof OperationSection>(
  key: K,
) => Setting<NonNullable<OperationSection[K]>> | undefined;

export const nearestSetting = (
  document: ContractDocument,
  path: string,
  method: (typeof methods)[number],
): NearestSetting => {
  const item = document.paths?.[path];
  const sections = [
    {
      section: item?.[method]?.['x-postern'],
      place: ['paths', path, method, 'x-postern'],
      at: 'operation',
    },
    { section: item?.['x-postern'], place: ['paths', path, 'x-postern'], at: 'path' },
    { section: document['x-postern']?.defaults, place: ['x-postern', 'defaults'], at: 'defaults' },
  ] as const;
  return (key) => {
    for (const { section, place, at } of sections) {
      const value = section?.[key];
      if (value !== undefined) return { value, path: [...place, key], at };
    }
    return undefined;
  };
};
