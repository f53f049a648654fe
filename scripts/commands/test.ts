import { command } from '../stack/command-line/command.ts';
import { conclude, runChecks, sumOf } from '../lab/checks/check.ts';
import { jestCheck, onlyFile } from '../lab/checks/jest-check.ts';
import { localCloudCheck } from '../lab/checks/program-check.ts';
import { contractCheck, staticChecks } from '../lab/checks/static-checks.ts';
import { withTestStack } from '../lab/stack/test-stack.ts';
import { installLocalCloud } from '../stack/local-cloud/python.ts';
import { requireTerraform } from '../stack/terraform/find-terraform.ts';

const packageTest = 'scripts/lab/package/package.long.test.ts';

await command('test', async () => {
  // Terraform and its provider live for seconds, a third of which they would collect garbage.
  process.env['GOGC'] ??= '400';
  await requireTerraform();
  await installLocalCloud();
  return withTestStack(async (variables) => {
    const onStack = (file: string) =>
      jestCheck(
        `stack: ${file}`,
        onlyFile('stack', `scripts/lab/stack/${file}.test.ts`),
        variables,
      );
    const contract = await runChecks([contractCheck], 1);
    const others = await runChecks(
      [
        // Of a stack, what measures no time; the rest follows below, alone.
        [
          ...['github-roles', 'recovery', 'operations'].map(onStack),
          jestCheck(
            'integration tests',
            ['--selectProjects', 'integration', '--runInBand'],
            variables,
          ),
        ],
        // The longest first, so that none is left alone at the end.
        jestCheck('unit tests', ['--selectProjects', 'unit', 'contract', '--maxWorkers=1']),
        // Both pack the package, by way of the same folder.
        [jestCheck('package', onlyFile('long', packageTest)), onStack('examples')],
        jestCheck('long unit tests', [
          ...['--selectProjects', 'long', '--maxWorkers=1'],
          ...['--testPathIgnorePatterns', packageTest],
        ]),
        jestCheck('Terraform modules', ['--selectProjects', 'terraform']),
        ...staticChecks,
        localCloudCheck,
      ],
      3, // One more than the processors of CI: Terraform and the emulator often wait.
    );
    const stack = await runChecks(
      [
        jestCheck(
          'integration tests that measure time',
          ['--selectProjects', 'timed', '--runInBand'],
          variables,
        ),
        ...['release', 'load', 'killed-workers', 'destroy'].map(onStack),
      ],
      1,
    );
    return conclude(sumOf([contract, others, stack]));
  });
});
