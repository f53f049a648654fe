import { command } from '../stack/command-line/command.ts';
import { readEnvironment } from '../stack/environments/environment.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

await command(async () => {
  const { baseUrl } = await readDeployment(readEnvironment());
  console.log(baseUrl);
});
