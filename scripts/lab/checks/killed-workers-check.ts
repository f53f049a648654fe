import { killWorkersOf } from '../torture/killed-workers-part.ts';
import { type Check, failed, passed } from './check.ts';
import type { TestStack } from './test-stack.ts';

/** 200 of them: `make torture PART=killed-workers`. */
const kills = 5;

export const killedWorkersCheck = ({ variables }: TestStack): Check => ({
  name: `${kills} workers killed under load`,
  run: async () => {
    const seed = Date.now() % 2 ** 31;
    const { faults } = await killWorkersOf(variables, kills, seed);
    return faults.length === 0 ? passed : failed(`seed ${seed}:\n${faults.join('\n')}`);
  },
});
