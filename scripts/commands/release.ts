import { relative } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { note, step } from '../stack/command-line/step.ts';
import { awsClientOptions } from '../stack/environments/aws-client.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import { findK6 } from '../operations/k6/run-k6.ts';
import { interrupts } from '../operations/guard/watch.ts';
import { liveAlias } from '../operations/release/live-alias.ts';
import { originOf, writeEvidence } from '../operations/release/evidence.ts';
import { publish } from '../operations/release/publish.ts';
import { newestVersion, sessionTablesOf } from '../operations/release/published-versions.ts';
import { releaseArguments } from '../operations/release/release-arguments.ts';
import { readReleaseOutputs, requireReleases } from '../operations/release/release-outputs.ts';
import { releaseVersion } from '../operations/release/release-version.ts';
import { settledTraffic } from '../operations/release/settled-traffic.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

await environmentCommand('release', async (environment, args) => {
  const given = releaseArguments(args, environment.local !== undefined);
  const interrupted = interrupts();
  const deployment = await step('read the outputs', () => readDeployment(environment));
  requireReleases(await readReleaseOutputs(environment));
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
    console.log(`Version ${published.version} already serves: nothing to release.`);
    return 0;
  }
  note(`version ${from.version} serves; version ${published.version} is released`);
  const sessionTables = await sessionTablesOf(lambda, functionName, [
    from.version,
    published.version,
  ]);
  const evidence = await releaseVersion({
    ...{ environment, deployment, outputs, lambda, k6, published, from, alias, interrupted },
    sessionTables,
    ...origin,
    ...given,
  });
  const file = relative(process.cwd(), writeEvidence(evidence));
  const { result, stoppedBy } = evidence;
  if (stoppedBy) {
    console.error(`\nStopped by the ${stoppedBy.check}, ${stoppedBy.at}:\n${stoppedBy.reason}\n`);
  }
  console.log(`${result}  version ${published.version}  ${file}`);
  return result === 'released' ? 0 : 1;
});
