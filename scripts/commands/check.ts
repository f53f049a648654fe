import { command } from '../stack/command-line/command.ts';
import { jestCheck } from '../lab/checks/jest-check.ts';
import { conclude, runChecks, sumOf } from '../lab/checks/check.ts';
import { contractCheck, staticChecks } from '../lab/checks/static-checks.ts';

await command('check', async () => {
  const contract = await runChecks([contractCheck], 1);
  const others = await runChecks(
    [
      ...staticChecks,
      jestCheck('unit tests', ['--selectProjects', 'unit', 'contract', '--maxWorkers=1']),
    ],
    2,
  );
  return conclude(sumOf([contract, others]));
});
