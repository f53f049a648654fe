import type { KilledWorkers } from './kill-workers.ts';
import { onTestStack, runScript } from './on-test-stack.ts';
import type { TorturePart } from './part.ts';

const kills = 200;

/** Kills the function's processes during requests, on a separate local stack, while a user exceeds the limit. */
export const killedWorkersPart: TorturePart = {
  name: 'killed-workers',
  run: ({ seed, scale }) =>
    onTestStack(async (variables) => {
      const wanted = Math.max(5, Math.ceil(kills * scale));
      const { problems, ...figures } = await killWorkersOf(variables, wanted, seed);
      return {
        cases: figures.kills + figures.sessions,
        failed: problems.length,
        detail: problems.join('\n'),
        figures,
      };
    }),
};

export const killWorkersOf = async (
  stack: NodeJS.ProcessEnv,
  wanted: number,
  seed: number,
): Promise<KilledWorkers> =>
  JSON.parse(
    await runScript('lab/torture/kill-workers.ts', [wanted, seed], stack),
  ) as KilledWorkers;
