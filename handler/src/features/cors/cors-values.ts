import { filledList, valueVariable } from '../../contract-values.ts';
import type { StoreKind } from '../../parts.ts';

/** What origins such as `${origins}` stand for in this environment: one, several separated by commas, or none. */
export type CorsValues = Readonly<Record<string, string>>;

declare module '../../parts.ts' {
  interface Stores {
    /** No store, but known before the gateway starts in the same way: only contracts with such origins have it. */
    readonly corsValues?: CorsValues;
  }
  interface FeatureTools {
    readonly corsValues?: CorsValues;
  }
}

/** A value that is missing or empty stands for no origin. */
export const corsValues =
  (names: readonly string[]): StoreKind<CorsValues> =>
  ({ variables }) => {
    const read = (name: string) => [name, variables[valueVariable(name)] ?? ''] as const;
    const store = Object.fromEntries(names.map(read));
    return () => ({ store, checks: {} });
  };

/** The origins of a policy, with the values in place of their names. */
export const withValues = (origins: readonly string[], values: CorsValues): readonly string[] =>
  filledList(origins, (name) => values[name] ?? '');
