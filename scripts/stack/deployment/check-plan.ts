import { LambdaClient } from '@aws-sdk/client-lambda';
import { relative } from 'node:path';
import { CommandError } from '../command-line/command-error.ts';
import { projectFolder } from '../command-line/folders.ts';
import { awsClientOptions } from '../environments/aws-client.ts';
import { type Environment, spelledOut } from '../environments/environment.ts';
import { type LiveAlias, liveAlias } from '../../operations/release/live-alias.ts';
import { readReleaseOutputs } from '../../operations/release/release-outputs.ts';
import { findDeployment } from '../terraform/deployment.ts';
import { deletesGuarded, keepWhatServes, servingVersions } from './keep-what-serves.ts';
import { readPlan, type TerraformPlan } from './terraform-plan.ts';

/** Ends here where a saved plan would take from the serving version what it needs, or would fail half-way. */
export const checkPlan = async (environment: Environment, planFile: string): Promise<void> => {
  const plan = await readPlan(environment, planFile);
  if (!deletesGuarded(plan) && !changesProvisioning(plan)) return;
  const deployment = await findDeployment(environment);
  if (deployment === undefined) return;
  const { region, functionName } = deployment;
  const { aliasName } = await readReleaseOutputs(environment);
  const lambda = new LambdaClient(awsClientOptions(environment, region));
  const alias = liveAlias(lambda, functionName, aliasName);
  if (changesProvisioning(plan)) await requireNoWeights(alias, spelledOut(environment));
  const serving = await servingVersions(lambda, functionName, alias);
  keepWhatServes(plan, serving, relative(projectFolder, environment.variablesFile));
};

export const changesProvisioning = ({ resource_changes: changes = [] }: TerraformPlan): boolean =>
  changes.some(
    ({ type, change }) =>
      type === 'aws_lambda_provisioned_concurrency_config' &&
      change.actions.some((action) => ['create', 'update', 'delete'].includes(action)),
  );

/**
 * Lambda changes no provisioned concurrency of an alias that shares its requests between versions: Terraform would find
 * out in the middle of the apply. Its own weights end by themselves.
 * https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
 */
export const requireNoWeights = async (alias: LiveAlias, variables: string): Promise<void> => {
  const { release } = await alias.read();
  if (release === undefined) await alias.provisioned();
  const { also } = await alias.read();
  if (also === undefined) return;
  throw new CommandError(
    `The plan changes provisioned_concurrency, which Lambda refuses while the alias also sends requests to version ${also.version}. ` +
      `Nothing was changed. Let the release end, or take it back first: make rollback ${variables}`,
  );
};
