import { command } from './command-line/command.ts';
import { runScript } from './command-line/run-script.ts';
import { readEnvironment } from './environments/environment.ts';
import { requireCredentials } from './environments/require-credentials.ts';
import { requireCloud } from './local-cloud/cloud.ts';
import { initialise, planArguments, terraform } from './terraform/terraform.ts';

/** Exit code 0 where nothing would change, 2 where something would, 1 for an error: Terraform's own. */
await command(async () => {
  const environment = readEnvironment();
  const { local } = environment;
  if (local) await requireCloud({ ...environment, local });
  else await requireCredentials(environment);
  await runScript('build.ts');
  await initialise(environment);
  const { exitCode } = await terraform(
    environment,
    ['plan', ...planArguments(environment), '-detailed-exitcode'],
    { output: 'to-stdout', expected: [0, 2] },
  );
  return exitCode;
});
