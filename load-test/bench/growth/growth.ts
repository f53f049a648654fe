import { join } from 'node:path';
import { run as runProgram } from '../../../scripts/stack/command-line/run.ts';
import { benchFolder } from '../folders.ts';
import type { BenchRun } from '../measure/bench-run.ts';
import { type BodiesPoint, growBodies } from './bodies.ts';
import type { EnvironmentsPoint } from './environments.ts';
import type { KeysPoint } from './keys.ts';
import type { RoutesPoint } from './routes.ts';
import type { TokensPoint } from './tokens.ts';

/** What needs no running gateway, only parts of it. */
export interface GrowthOfParts {
  readonly routes: readonly RoutesPoint[];
  readonly keys: readonly KeysPoint[];
  readonly environments: readonly EnvironmentsPoint[];
  readonly tokens: TokensPoint;
}

export interface Growth extends GrowthOfParts {
  readonly bodies: readonly BodiesPoint[];
}

/** What becomes of Postern as routes, clients, bodies and environments grow. */
export const measureGrowth = async (run: BenchRun): Promise<Growth> => {
  const bodies = await growBodies(run);
  const { exitCode, stdout, stderr } = await runProgram(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    join(benchFolder, 'growth/main.ts'),
  ]);
  if (exitCode !== 0) throw new Error(`The growth of the parts was not measured:\n${stderr}`);
  return { ...(JSON.parse(stdout) as GrowthOfParts), bodies };
};
