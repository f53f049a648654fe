import { join } from 'node:path';
import type { Candidate } from '../candidates.ts';
import { benchFolder } from '../folders.ts';
import { memoryMb } from '../lambda-environment.ts';

/** Node with the arguments that Lambda's bootstrap gives it: V8's heap limit is a share of the function's memory. */
export const nodeCommand = (bundle: string): Candidate['command'] => {
  const newSpaceMb = Math.floor(memoryMb / 10);
  return [
    process.execPath,
    '--expose-gc',
    '--max-http-header-size=81920',
    `--max-semi-space-size=${Math.floor(newSpaceMb / 2)}`,
    `--max-old-space-size=${memoryMb - newSpaceMb}`,
    join(benchFolder, 'runner/node-runtime.cjs'),
    bundle,
  ];
};
