import { CommandError } from '../../../stack/command-line/command-error.ts';
import { projectFolder } from '../../../stack/command-line/folders.ts';
import { readDeployment } from '../../../stack/terraform/deployment.ts';
import type { Drill } from '../drill.ts';
import { removeDrillStack } from '../drill-stack.ts';
import { requireStatus, signIn } from '../signed-in.ts';

export const rebuild: Drill = {
  runbook: 'rebuild',
  reads: {},
  mostSeconds: 600,
  breakIt: async (stack) => {
    const { environment } = stack;
    const { baseUrl } = await readDeployment(environment);
    // The cloud with its state bucket, and the checkout with all that was fetched for it.
    await removeDrillStack(stack);
    const answers = await fetch(`${baseUrl}/health`).then(
      () => true,
      () => false,
    );
    if (answers) throw new CommandError('The gateway still answers: nothing was lost.');
    return {
      values: { repository: projectFolder },
      prove: async () => {
        const rebuilt = await readDeployment(environment);
        await requireStatus(rebuilt.baseUrl, await signIn(environment), 200);
        return 'from an empty folder, a user signs in and is served';
      },
    };
  },
};
