import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EvaluationResult,
  IAMClient,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { note, step } from '../../stack/command-line/step.ts';
import { addressesOf, type BuiltFor } from '../../stack/deployment/build-for.ts';
import { placeOf, upstreamPermissions } from '../../stack/deployment/upstream-targets.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { readDeployment } from '../../stack/terraform/deployment.ts';

/**
 * Throws, before a published version gets requests, if the role of the function may not do at an upstream what the
 * contract needs: the permissions boundary of the role or an organization's policy denies it. Policies of the resources
 * themselves are not simulated. Where the deployer may not simulate, it is a note.
 */
export const requirePermitted = async (
  environment: Environment,
  { variables, summary }: Pick<BuiltFor, 'variables' | 'summary'>,
): Promise<void> => {
  const needed = upstreamPermissions(summary);
  if (needed.length === 0) return;
  const { functionName, region } = await readDeployment(environment);
  const options = awsClientOptions(environment, region);
  await step('permissions for upstreams', async () => {
    const { Role: roleArn = '' } = await new LambdaClient(options).send(
      new GetFunctionConfigurationCommand({ FunctionName: functionName }),
    );
    const addresses = addressesOf(variables);
    await judgePermissions(new IAMClient(options), {
      roleArn,
      where: placeOf(environment),
      needed: needed.flatMap(({ upstream, within = '', actions }) => {
        const address = addresses[upstream];
        if (address === undefined) return [];
        const arn = address.startsWith('arn:') ? address : functionArn(address, roleArn, region);
        return [{ upstream, actions, resource: arn + within.replaceAll('*', 'x') }];
      }),
    });
  });
};

/** Of a function that the environment gives by its name. */
const functionArn = (name: string, roleArn: string, region: string): string => {
  const [, partition = 'aws', , , account = ''] = roleArn.split(':');
  return `arn:${partition}:lambda:${region}:${account}:function:${name}`;
};

interface Needed {
  readonly upstream: string;
  readonly actions: readonly string[];
  readonly resource: string;
}

interface Judged {
  readonly roleArn: string;
  readonly needed: readonly Needed[];
  readonly where: string;
  /** Between two attempts, while IAM has not taken over the policy of the apply. */
  readonly pauseMs?: number;
}

export const judgePermissions = async (
  iam: Pick<IAMClient, 'send'>,
  { roleArn, needed, where, pauseMs = 3_000 }: Judged,
): Promise<void> => {
  try {
    let denied = await deniedOf(iam, roleArn, needed);
    for (let attempt = 1; denied.length > 0 && attempt < attempts; attempt += 1) {
      await sleep(pauseMs);
      denied = await deniedOf(iam, roleArn, needed);
    }
    if (denied.length > 0)
      throw new CommandError(
        `The role of the function may not call upstreams of ${where}. No request reaches the new version yet.\n${denied.join('\n')}`,
      );
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const { name } = error as Error;
    note(
      `Whether the role may call the upstreams cannot be seen with your credentials: iam:SimulatePrincipalPolicy (${name})`,
    );
  }
};

const attempts = 5;

const deniedOf = async (
  iam: Pick<IAMClient, 'send'>,
  roleArn: string,
  needed: readonly Needed[],
): Promise<readonly string[]> => {
  const denied = await Promise.all(
    needed.map(async ({ upstream, actions, resource }) => {
      const { EvaluationResults: results = [] } = await iam.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: roleArn,
          ActionNames: [...actions],
          ResourceArns: [resource],
        }),
      );
      return results
        .filter(({ EvalDecision }) => EvalDecision !== 'allowed')
        .map((result) => `  ${upstream}: ${result.EvalActionName} on ${resource}: ${why(result)}`);
    }),
  );
  return denied.flat();
};

const why = ({
  PermissionsBoundaryDecisionDetail: boundary,
  OrganizationsDecisionDetail: organization,
}: EvaluationResult): string => {
  if (boundary?.AllowedByPermissionsBoundary === false)
    return 'the permissions boundary of the role denies it. If it is that of modules/github-oidc, add the ARN to upstream_arns and apply terraform/bootstrap';
  if (organization?.AllowedByOrganizations === false)
    return 'a policy of the organization denies it';
  return 'no policy of the role allows it, or one denies it';
};
