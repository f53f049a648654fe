import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Limit } from '../../load-test/lib/input.ts';
import { Fault } from '../command-line/fault.ts';
import { projectFolder } from '../command-line/folders.ts';
import type { ContractDocument } from '../contract/document.ts';
import { planRateLimits } from '../contract/plan-rate-limits.ts';
import { readYaml } from '../contract/yaml-source.ts';

/** The contract's rate limits by name, of which an answer's headers tell all but the burst. */
export const contractLimits = (): Record<string, Limit> => {
  const file = join(projectFolder, 'handler', 'gateway.yaml');
  const document = readYaml(readFileSync(file, 'utf8')).value as ContractDocument;
  const rules = planRateLimits(document, (_, message) => {
    throw new Fault(`handler/gateway.yaml: ${message}. \`make build\` says where.`);
  });
  return Object.fromEntries(
    rules.map(({ name, limit, windowSeconds, burst }) => [name, { limit, windowSeconds, burst }]),
  );
};
