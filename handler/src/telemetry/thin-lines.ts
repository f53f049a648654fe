import { createRecent } from '../memory/recent.ts';

/** Whether a line is written and, if so, how many have been left out since the last one of its key. */
export type ThinnedLine = 'left out' | { readonly leftOut: number };

const lineEveryMs = 1_000;

/** Some 1 MB. */
const maxKeys = 10_000;

/** At most one line a second for each key. */
export const createThinLines = (now: () => number): ((key: string) => ThinnedLine) => {
  const lines = createRecent<{ writtenAtMs: number; leftOut: number }>(maxKeys);
  return (key) => {
    const line = lines.get(key, () => ({ writtenAtMs: Number.NEGATIVE_INFINITY, leftOut: 0 }));
    if (now() - line.writtenAtMs < lineEveryMs) {
      line.leftOut += 1;
      return 'left out';
    }
    const { leftOut } = line;
    line.writtenAtMs = now();
    line.leftOut = 0;
    return { leftOut };
  };
};
