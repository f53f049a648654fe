import { describe, expect, it, jest } from '@jest/globals';
import { exampleVariables } from '../../stack/build/build-places.ts';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { planArguments, terraform } from '../../stack/terraform/terraform.ts';
import { type DrillStack, shellWith } from '../drill/drill-stack.ts';
import { restoreState } from '../drill/drills.ts';
import { rehearse } from '../drill/rehearse.ts';
import { startWaitingApply } from '../drill/waiting-apply.ts';
import { runCommand } from './run-command.ts';
import { outsideOfMake, testStack } from './test-stack.ts';

jest.setTimeout(5 * 60_000);

const environment = testStack();

describe('after a deploy', () => {
  it('a plan has no changes', async () => {
    await runCommand('plan');
  });

  it('a bootstrap has no changes: the deploy has created the bucket of the state, in the same state', async () => {
    const { stderr } = await runCommand('bootstrap');
    expect(stderr).toContain('bootstrap: nothing to change');
  });

  it('a broken state is restored by the runbook', async () => {
    const { LOCAL_FOLDER, LOCAL_PORT, LOCAL_ACCOUNT_ID } = process.env;
    const settings = { LOCAL_FOLDER, LOCAL_PORT, LOCAL_ACCOUNT_ID };
    const stack: DrillStack = {
      environment,
      home: projectFolder,
      checkout: projectFolder,
      shell: shellWith({ ...outsideOfMake(), ...exampleVariables, ...settings }),
    };
    expect(await rehearse(restoreState, stack)).toMatchObject({ verdict: 'passed' });
  });

  it('an apply is refused while another one waits for its confirmation', async () => {
    const first = await startWaitingApply(environment);
    try {
      await expect(
        terraform(environment, ['apply', ...planArguments(environment), '-auto-approve']),
      ).rejects.toThrow('Error acquiring the state lock');
    } finally {
      await first.refuse();
    }
  });
});
