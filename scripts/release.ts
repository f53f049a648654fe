import { relative } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { command } from './command-line/command.ts';
import { note, step } from './command-line/step.ts';
import { awsClientOptions } from './environments/aws-client.ts';
import { readEnvironment } from './environments/environment.ts';
import { findK6 } from './k6/find-k6.ts';
import { interrupts } from './release/interrupts.ts';
import { liveAlias } from './release/live-alias.ts';
import { originOf } from './release/origin.ts';
import { publish } from './release/publish.ts';
import { newestVersion } from './release/published-versions.ts';
import { releaseArguments } from './release/release-arguments.ts';
import { readReleaseOutputs } from './release/release-outputs.ts';
import { releaseVersion } from './release/release-version.ts';
import { settledTraffic } from './release/settled-traffic.ts';
import { sessionTablesOf } from './release/version-settings.ts';
import { writeEvidence } from './release/write-evidence.ts';
import { readDeployment } from './terraform/deployment.ts';

await command(async () => {
  const environment = readEnvironment();
  const asked = releaseArguments(process.env, environment.local !== undefined);
  const interrupted = interrupts();
  const deployment = await step('read the outputs', () => readDeployment(environment));
  const k6 = await findK6();
  const { region, functionName } = deployment;
  const lambda = new LambdaClient(awsClientOptions(environment, region));
  const origin = await originOf(environment, region);

  await publish(environment);
  const outputs = await readReleaseOutputs(environment);
  const alias = liveAlias(lambda, functionName, outputs.aliasName);
  const published = await newestVersion(lambda, functionName);
  const from = await settledTraffic(alias, Date.now());
  if (from.version === published.version) {
    console.log(`Version ${published.version} serves already: there is nothing to release.`);
    return 0;
  }
  note(`version ${from.version} serves, version ${published.version} is to follow it`);
  const sessionTables = await sessionTablesOf(lambda, functionName, [
    from.version,
    published.version,
  ]);
  const evidence = await releaseVersion({
    ...{ environment, deployment, outputs, lambda, k6, published, from, alias, interrupted },
    sessionTables,
    ...origin,
    ...asked,
  });
  const file = relative(process.cwd(), writeEvidence(evidence));
  const { result, stoppedBy } = evidence;
  if (stoppedBy) {
    console.error(`\nStopped by the ${stoppedBy.check}, ${stoppedBy.at}:\n${stoppedBy.reason}\n`);
  }
  console.log(`${result}  version ${published.version}  ${file}`);
  return result === 'released' ? 0 : 1;
});
