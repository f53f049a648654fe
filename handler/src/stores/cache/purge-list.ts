import { numberOf, textOf } from '../dynamodb/attributes.ts';
import type { Item } from '../dynamodb/dynamodb.ts';

/**
 * What operators have purged from the caches. Purges have numbers, because clocks differ: a response that was requested
 * when a purge was not known yet belongs to it.
 */
export interface PurgeList {
  /** Of the newest purge. */
  readonly sequence: number;
  /** Purges everything that was requested before this one. */
  readonly floor: number;
  readonly purges: readonly Purge[];
}

export interface Purge extends PurgedPaths {
  readonly sequence: number;
}

/** Absent, both: everything. */
export interface PurgedPaths {
  readonly path?: string | undefined;
  readonly prefix?: string | undefined;
}

export const noPurges: PurgeList = { sequence: 0, floor: 0, purges: [] };

/** The key of its item. */
export const purgesKey = 'purges';

/** Whether a response was purged that was requested when the list had this number. */
export const isPurged = (
  { floor, purges }: PurgeList,
  { sequence, path }: { readonly sequence: number; readonly path: string },
): boolean =>
  sequence < floor ||
  purges.some(
    (purge) =>
      sequence < purge.sequence &&
      (purge.path === path || (purge.prefix !== undefined && path.startsWith(purge.prefix))),
  );

/** The list with one purge more. More than can be kept purge everything that was requested before the oldest of them. */
export const withPurge = (
  { sequence: last, floor, purges }: PurgeList,
  { path, prefix }: PurgedPaths,
): PurgeList => {
  const sequence = last + 1;
  if (path === undefined && prefix === undefined) return { sequence, floor: sequence, purges: [] };
  const all = [...purges, { sequence, path, prefix }];
  const kept = all.slice(-maxPurges);
  return { sequence, floor: Math.max(floor, all.at(-maxPurges - 1)?.sequence ?? 0), purges: kept };
};

const maxPurges = 100;

export const readPurges = (item: Item | undefined): PurgeList => {
  const list = item?.['purges'];
  return {
    sequence: numberOf(item?.['sequence']) ?? 0,
    floor: numberOf(item?.['floor']) ?? 0,
    purges: (list && 'L' in list ? list.L : []).flatMap((each) =>
      'M' in each
        ? [
            {
              sequence: numberOf(each.M['sequence']) ?? 0,
              path: textOf(each.M['path']),
              prefix: textOf(each.M['prefix']),
            },
          ]
        : [],
    ),
  };
};

export const purgesItem = ({ sequence, floor, purges }: PurgeList): Item => ({
  cache_key: { S: purgesKey },
  sequence: { N: String(sequence) },
  floor: { N: String(floor) },
  purges: {
    L: purges.map((purge) => ({
      M: {
        sequence: { N: String(purge.sequence) },
        ...(purge.path !== undefined && { path: { S: purge.path } }),
        ...(purge.prefix !== undefined && { prefix: { S: purge.prefix } }),
      },
    })),
  },
});
