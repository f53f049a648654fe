import {
  type CodeDeployClient,
  CreateDeploymentCommand,
  GetDeploymentCommand,
  ListDeploymentsCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-codedeploy';
import { settledOn } from './before-release.ts';
import type { LiveAlias, Traffic } from './live-alias.ts';
import type { StepFigures } from './shift.ts';
import { Stopped } from './watch.ts';

/** Application and deployment group have the same name. */
export interface CodeDeployShift {
  readonly codeDeploy: Pick<CodeDeployClient, 'send'>;
  readonly name: string;
  readonly functionName: string;
  readonly aliasName: string;
  readonly alias: LiveAlias;
  readonly from: Traffic;
  readonly version: string;
  /** Watches for a while, as at a step of our own; what it throws stops the deployment. */
  readonly watch: () => Promise<StepFigures>;
}

/**
 * Has CodeDeploy move the traffic: its configuration names the steps, and its alarms roll back by themselves. What the
 * watch here finds stops it, and CodeDeploy moves the traffic back.
 */
export const shiftByCodeDeploy = async (parts: CodeDeployShift): Promise<StepFigures> => {
  const { codeDeploy, name, alias, from, version, watch } = parts;
  const { deploymentId } = await codeDeploy.send(
    new CreateDeploymentCommand({
      applicationName: name,
      deploymentGroupName: name,
      revision: {
        revisionType: 'AppSpecContent',
        appSpecContent: { content: JSON.stringify(appSpec(parts)) },
      },
    }),
  );
  if (deploymentId === undefined) throw new Error('CodeDeploy gave its deployment no id');
  let figures: StepFigures = {};
  try {
    while (await isRunning(codeDeploy, deploymentId)) figures = await watch();
  } catch (error) {
    await stop(codeDeploy, deploymentId);
    throw error;
  }
  // The traffic is there already; this notes for a rollback where it was.
  await alias.provisioned();
  await alias.read();
  await alias.move(settledOn(version, [from.version, ...from.servedBefore]));
  return figures;
};

/** Stops what CodeDeploy has under way, and has it move the traffic back. Says how many it stopped. */
export const stopDeployments = async (
  codeDeploy: Pick<CodeDeployClient, 'send'>,
  name: string,
): Promise<number> => {
  const { deployments = [] } = await codeDeploy.send(
    new ListDeploymentsCommand({
      applicationName: name,
      deploymentGroupName: name,
      includeOnlyStatuses: ['Created', 'Queued', 'InProgress', 'Ready'],
    }),
  );
  for (const deploymentId of deployments) await stop(codeDeploy, deploymentId);
  return deployments.length;
};

const stop = (codeDeploy: Pick<CodeDeployClient, 'send'>, deploymentId: string) =>
  codeDeploy.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }));

const isRunning = async (
  codeDeploy: Pick<CodeDeployClient, 'send'>,
  deploymentId: string,
): Promise<boolean> => {
  const { deploymentInfo } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId }));
  const { status, errorInformation } = deploymentInfo ?? {};
  if (status === 'Failed' || status === 'Stopped') {
    const reason = errorInformation?.message ?? 'it gave no reason';
    throw new Stopped('alarm', `CodeDeploy rolled back: ${reason}`);
  }
  return status !== 'Succeeded';
};

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html */
const appSpec = ({ functionName, aliasName, from, version }: CodeDeployShift) => ({
  version: 0.0,
  Resources: [
    {
      gateway: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Name: functionName,
          Alias: aliasName,
          CurrentVersion: from.version,
          TargetVersion: version,
        },
      },
    },
  ],
});
