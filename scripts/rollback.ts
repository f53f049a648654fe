import { LambdaClient } from '@aws-sdk/client-lambda';
import { command } from './command-line/command.ts';
import { note, step } from './command-line/step.ts';
import { firstRequest, readAddresses } from './deployment/first-request.ts';
import { awsClientOptions } from './environments/aws-client.ts';
import { confirm } from './environments/confirm.ts';
import { readEnvironment } from './environments/environment.ts';
import { liveAlias } from './release/live-alias.ts';
import { readReleaseOutputs } from './release/release-outputs.ts';
import { rollbackTarget } from './release/rollback-target.ts';
import { readDeployment } from './terraform/deployment.ts';

await command(async () => {
  const environment = readEnvironment();
  await confirm(environment, 'roll back');
  const [{ region, functionName }, { aliasName }] = await Promise.all([
    readDeployment(environment),
    readReleaseOutputs(environment),
  ]);
  const lambda = new LambdaClient(awsClientOptions(environment, region));
  const alias = liveAlias(lambda, functionName, aliasName);
  const traffic = await alias.read();
  const target = rollbackTarget(traffic);
  await alias.move(target);
  // With provisioned concurrency, the version before gets requests until this one is warm.
  await step('move the traffic', alias.provisioned);
  if (target.version !== traffic.version) note(`version ${traffic.version} served before`);
  await firstRequest(await readAddresses(environment));
  console.log(`Version ${target.version} serves all requests.`);
});
