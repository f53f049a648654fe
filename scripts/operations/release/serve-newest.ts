import { LambdaClient } from '@aws-sdk/client-lambda';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { note, step } from '../../stack/command-line/step.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import { type Environment, spelledOut } from '../../stack/environments/environment.ts';
import { findDeployment, readDeployment } from '../../stack/terraform/deployment.ts';
import { settledOn, settledTraffic } from './settled-traffic.ts';
import { checkDeployedVersion } from './check-deployed-version.ts';
import { liveAlias } from './live-alias.ts';
import { findNewestVersion, newestVersion } from './published-versions.ts';
import { readReleaseOutputs } from './release-outputs.ts';

/** The version published last; undefined where nothing is deployed yet. */
export const newestPublished = async (environment: Environment): Promise<string | undefined> => {
  const deployment = await findDeployment(environment);
  if (deployment === undefined) return undefined;
  const lambda = new LambdaClient(awsClientOptions(environment, deployment.region));
  return (await findNewestVersion(lambda, deployment.functionName))?.version;
};

/**
 * Makes the version of the last apply serve at once if it responds as the contract says. One that was there before the
 * apply is left as it is: it may have been rolled back.
 */
export const serveNewest = async (
  environment: Environment,
  newestBefore: string | undefined,
): Promise<void> => {
  const deployment = await readDeployment(environment);
  const { region, functionName } = deployment;
  const lambda = new LambdaClient(awsClientOptions(environment, region));
  const { version } = await newestVersion(lambda, functionName);
  const { aliasName } = await readReleaseOutputs(environment);
  const alias = liveAlias(lambda, functionName, aliasName);
  const traffic = await alias.read();
  if (traffic.version === version && traffic.release === undefined) return;
  if (version === newestBefore) {
    note(
      `version ${traffic.version} serves; version ${version} is published: make release ${spelledOut(environment)}`,
    );
    return;
  }
  await step(`check version ${version}`, async () => {
    const { failures } = await checkDeployedVersion({ environment, deployment, lambda, version });
    if (failures.length === 0) return;
    throw new CommandError(
      `Version ${version} is published, but gets no requests. Version ${traffic.version} keeps serving:\n${failures.join('\n')}`,
    );
  });
  const from = await settledTraffic(alias, Date.now());
  await alias.move(settledOn(version, [from.version, ...from.servedBefore]));
  await alias.provisioned();
};
