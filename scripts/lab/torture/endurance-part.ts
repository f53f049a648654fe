import { join } from 'node:path';
import { run } from '../../stack/command-line/run.ts';
import { failed, type Outcome } from '../checks/check.ts';
import type { TortureOptions } from './parts.ts';

const requests = 200_000;

/** The handler serves requests continuously in a separate process, which collects garbage on request. */
export const endurance = async ({ seed, scale }: TortureOptions): Promise<Outcome> => {
  const count = Math.max(5_000, Math.ceil(requests * scale));
  const file = join(import.meta.dirname, 'endurance.ts');
  const args = ['--expose-gc', ...process.execArgv, file, String(count), String(seed)];
  const { exitCode, stdout, stderr } = await run(process.execPath, args);
  if (exitCode !== 0) return failed(stderr);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Outcome;
};
