import { projectFolder } from '../../stack/command-line/folders.ts';
import { exampleVariables } from '../../stack/build/build-places.ts';
import { type DrillStack, outsideOfMake, shellWith } from '../drill/drill-stack.ts';
import { restoreState } from '../drill/drills/restore-state.ts';
import { rehearse } from '../drill/rehearse.ts';
import { type Check, failed, passed } from './check.ts';
import type { TestStack } from './test-stack.ts';

/** The drill that takes seconds; `make drill` has them all. */
export const drillCheck = ({ environment, variables }: TestStack): Check => {
  const { LOCAL_FOLDER, LOCAL_PORT, LOCAL_ACCOUNT_ID } = variables;
  const stack: DrillStack = {
    environment,
    home: projectFolder,
    checkout: projectFolder,
    shell: shellWith({
      ...outsideOfMake(),
      ...exampleVariables,
      LOCAL_FOLDER,
      LOCAL_PORT,
      LOCAL_ACCOUNT_ID,
    }),
  };
  return {
    name: 'drill: restore-state',
    run: async () => {
      const { verdict, finding } = await rehearse(restoreState, stack);
      return verdict === 'passed' ? passed : failed(finding);
    },
  };
};
