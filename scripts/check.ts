import { command } from './command-line/command.ts';
import { jestCheck } from './checks/jest-check.ts';
import { conclude, runChecks, sumOf } from './checks/run-checks.ts';
import { contractCheck, staticChecks } from './checks/static-checks.ts';

await command(async () => {
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
