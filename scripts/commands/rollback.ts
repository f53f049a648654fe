import { LambdaClient } from '@aws-sdk/client-lambda';
import { note, step } from '../stack/command-line/step.ts';
import { firstRequest, readAddresses } from '../stack/deployment/first-request.ts';
import { awsClientOptions } from '../stack/environments/aws-client.ts';
import { confirm } from '../stack/environments/confirm.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import { servingHealthPath } from '../operations/contract/serving-routes.ts';
import { liveAlias } from '../operations/release/live-alias.ts';
import { readReleaseOutputs, requireReleases } from '../operations/release/release-outputs.ts';
import { rollbackTarget } from '../operations/release/settled-traffic.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

await environmentCommand('rollback', async (environment) => {
  await confirm(environment, 'roll back');
  const [{ region, functionName }, outputs] = await Promise.all([
    readDeployment(environment),
    readReleaseOutputs(environment),
  ]);
  requireReleases(outputs);
  const lambda = new LambdaClient(awsClientOptions(environment, region));
  const alias = liveAlias(lambda, functionName, outputs.aliasName);
  const traffic = await alias.read();
  const target = rollbackTarget(traffic);
  await alias.move(target);
  // With provisioned concurrency, the version before gets requests until this one is warm.
  await step('move the traffic', alias.provisioned);
  if (target.version !== traffic.version) note(`version ${traffic.version} served before`);
  await firstRequest(await readAddresses(environment), {
    healthPath: await servingHealthPath(environment),
  });
  console.log(`Version ${target.version} serves all requests.`);
});
