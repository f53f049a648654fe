import { environmentCommand } from '../stack/environments/environment-command.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

await environmentCommand('url', async (environment) => {
  const { baseUrl } = await readDeployment(environment);
  console.log(baseUrl);
});
