import { zipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Candidate } from '../candidates.ts';
import { benchFolder } from '../folders.ts';
import { nodeCommand } from './node-command.ts';

const floor = (
  name: 'bare' | 'node_http' | 'invoke',
  title: string,
  fileName: string,
): Candidate => {
  const file = join(benchFolder, 'floor', fileName);
  return {
    name,
    title,
    kind: 'floor',
    command: nodeCommand(file),
    zipBytes: zipSync({ 'index.js': readFileSync(file) }, { level: 9 }).length,
  };
};

/** One signed call of a function, which no peer makes. */
export const prepareInvoke = (): Candidate => floor('invoke', 'One signed invocation', 'invoke.js');

export const prepareFloor = (): readonly Candidate[] => [
  floor('bare', 'Bare handler', 'bare.js'),
  floor('node_http', 'One node:http request', 'node-http.js'),
];
