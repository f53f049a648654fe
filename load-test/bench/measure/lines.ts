import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Returns the lines of a stream one by one. Undefined when it has ended. */
export const linesOf = (stream: Readable): (() => Promise<string | undefined>) => {
  const lines = createInterface({ input: stream })[Symbol.asyncIterator]();
  return async () => {
    const next = await lines.next();
    return next.done === true ? undefined : next.value;
  };
};
