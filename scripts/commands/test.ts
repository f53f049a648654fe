import { join } from 'node:path';
import { jestCheck } from '../lab/checks/jest-check.ts';
import { localCloudCheck } from '../lab/checks/program-check.ts';
import { conclude, runChecks, sumOf, type Totals } from '../lab/checks/check.ts';
import { stackChecks } from '../lab/checks/stack-checks.ts';
import { contractCheck, staticChecks } from '../lab/checks/static-checks.ts';
import { terraformChecks } from '../lab/checks/terraform-checks.ts';
import { newTestStack, removeTestStack } from '../lab/checks/test-stack.ts';
import { command } from '../stack/command-line/command.ts';
import { workFolder } from '../stack/command-line/folders.ts';
import { withEnvironmentLock } from '../stack/environments/environment-lock.ts';
import { installLocalCloud } from '../stack/local-cloud/python.ts';
import { requireTerraform } from '../stack/terraform/find-terraform.ts';

await command([], () => withEnvironmentLock(join(workFolder, 'tests'), testAll));

async function testAll(): Promise<number> {
  await requireTerraform();
  await installLocalCloud();
  const contract = await runChecks([contractCheck], 1);
  const others = await runChecks(
    [
      ...staticChecks,
      jestCheck('unit tests', [
        '--selectProjects',
        'unit',
        'long',
        'contract',
        '--maxWorkers=1',
        '--coverage',
      ]),
      localCloudCheck,
      ...terraformChecks(),
    ],
    2,
  );
  return conclude(sumOf([contract, others, await testStack()]));
}

async function testStack(): Promise<Totals> {
  const stack = await newTestStack();
  try {
    return await runChecks(stackChecks(stack), 1);
  } finally {
    await removeTestStack();
  }
}
