import { command } from './command-line/command.ts';
import { readEnvironment } from './environments/environment.ts';
import { readDeployment } from './terraform/deployment.ts';

await command(async () => {
  const { baseUrl } = await readDeployment(readEnvironment());
  console.log(baseUrl);
});
