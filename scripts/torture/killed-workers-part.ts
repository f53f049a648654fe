import { join } from 'node:path';
import { newTestStack, removeTestStack } from '../checks/test-stack.ts';
import { run } from '../command-line/run.ts';
import { projectFolder, workFolder } from '../command-line/folders.ts';
import { exclusively } from '../environments/exclusively.ts';
import type { KilledWorkers } from './kill-workers.ts';
import type { TorturePart } from './part.ts';

const kills = 200;

/** The function's processes are killed at their work, on a local stack of its own, while a user asks for too much. */
export const killedWorkersPart: TorturePart = {
  name: 'killed-workers',
  run: ({ seed, scale }) =>
    exclusively(join(workFolder, 'tests'), async () => {
      const { variables } = await newTestStack();
      try {
        await node('deploy.ts', [], variables);
        const wanted = Math.max(5, Math.ceil(kills * scale));
        const report = await node('torture/kill-workers.ts', [wanted, seed], variables);
        const { faults, ...figures } = JSON.parse(report) as KilledWorkers;
        return {
          cases: figures.kills + figures.sessions,
          failed: faults.length,
          detail: faults.join('\n'),
          figures,
        };
      } finally {
        await removeTestStack();
      }
    }),
};

/** The last line that a script of the project's own writes. */
const node = async (
  script: string,
  args: readonly number[],
  env: NodeJS.ProcessEnv,
): Promise<string> => {
  const { exitCode, stdout, stderr } = await run(
    process.execPath,
    [...process.execArgv, join(projectFolder, 'scripts', script), ...args.map(String)],
    { env },
  );
  if (exitCode !== 0) throw new Error(`${script} failed:\n${stderr}`);
  return stdout.trimEnd().split('\n').at(-1) ?? '';
};
