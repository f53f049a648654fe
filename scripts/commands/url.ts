import { command } from '../stack/command-line/command.ts';
import { environmentArguments, readEnvironment } from '../stack/environments/environment.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

await command([...environmentArguments], async (args) => {
  const { baseUrl } = await readDeployment(readEnvironment(args));
  console.log(baseUrl);
});
