import { relative } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { projectFolder, terraformFolder } from '../../stack/command-line/folders.ts';
import { apply } from '../../stack/deployment/apply.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import { type Environment, spelledOut } from '../../stack/environments/environment.ts';
import type { EnvironmentLock } from '../../stack/environments/environment-lock.ts';
import { findDeployment } from '../../stack/terraform/deployment.ts';
import { dataFolder, planArguments } from '../../stack/terraform/terraform.ts';
import {
  deletesGuarded,
  keepServingVersion,
  readPlan,
  requireDeletable,
  servingVersions,
  type TerraformPlan,
} from './keep-serving-version.ts';
import { withKeptPermissions } from './kept-permissions.ts';
import { type LiveAlias, liveAlias } from './live-alias.ts';
import { readReleaseOutputs } from './release-outputs.ts';

/** Applies the gateway's root module, unless the plan would break the version that serves. */
export const applyGateway = async (
  environment: Environment,
  lock: EnvironmentLock,
): Promise<void> =>
  apply(await withKeptPermissions(environment), lock, {
    planArguments: planArguments(environment),
    isFirst: environment.local !== undefined && (await findDeployment(environment)) === undefined,
    check: (planFile) => checkPlan(environment, planFile),
  });

/** Throws if a saved plan would delete resources that the serving version needs, or would fail during the apply. */
const checkPlan = async (environment: Environment, planFile: string): Promise<void> => {
  const plan = await readPlan(environment, planFile);
  if (changesProvisioning(plan)) {
    const alias = (await servingAlias(environment))?.alias;
    if (alias) await requireNoWeights(alias, spelledOut(environment));
  }
  await checkDeletes(environment, plan);
};

/** Throws if a plan deletes what the serving version needs, or what deletion protection keeps. */
export const checkDeletes = async (
  environment: Environment,
  plan: TerraformPlan,
): Promise<void> => {
  if (!deletesGuarded(plan)) return;
  const found = await servingAlias(environment);
  if (found === undefined) return;
  const { lambda, functionName, region, alias } = found;
  const serving = await servingVersions(lambda, functionName, alias);
  const inMessages = {
    variablesFile: relative(projectFolder, environment.variablesFile),
    terraform: `TF_DATA_DIR=${dataFolder(environment)} terraform -chdir=${terraformFolder}`,
    region,
  };
  keepServingVersion(plan, serving, inMessages);
  requireDeletable(plan, inMessages);
};

/** Undefined where nothing is deployed. */
const servingAlias = async (environment: Environment) => {
  const deployment = await findDeployment(environment);
  if (deployment === undefined) return undefined;
  const { region, functionName } = deployment;
  const { aliasName } = await readReleaseOutputs(environment);
  const lambda = new LambdaClient(awsClientOptions(environment, region));
  return { lambda, functionName, region, alias: liveAlias(lambda, functionName, aliasName) };
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
