import { join } from 'node:path';
import { jestCheck } from './checks/jest-check.ts';
import { localCloudCheck } from './checks/python-check.ts';
import { conclude, runChecks, sumOf, type Totals } from './checks/run-checks.ts';
import { stackChecks } from './checks/stack-checks.ts';
import { contractCheck, staticChecks } from './checks/static-checks.ts';
import { terraformChecks } from './checks/terraform-checks.ts';
import { newTestStack, removeTestStack } from './checks/test-stack.ts';
import { command } from './command-line/command.ts';
import { workFolder } from './command-line/folders.ts';
import { exclusively } from './environments/exclusively.ts';
import { installLocalCloud } from './local-cloud/python.ts';
import { requireTerraform } from './terraform/find-terraform.ts';

await command(() => exclusively(join(workFolder, 'tests'), testAll));

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
