import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  DeleteApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import { CloudWatchLogsClient, DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import type { Permission } from '../compiler/permissions.ts';
import { buildPlaces } from '../../scripts/stack/build/build-places.ts';
import { buildZip } from '../../scripts/stack/build/build-zip.ts';
import { awsOptions, deployment } from './stack.ts';

export interface FurtherDeployment {
  readonly baseUrl: string;
  remove(): Promise<void>;
}

interface FurtherGateway {
  /** After the name of the deployed one. */
  readonly suffix: string;
  readonly contractFile: string;
  /** Beside those of the deployed one. */
  readonly variables: Readonly<Record<string, string>>;
  /** The ARN of the function's role, by what its contract permits it; that of the deployed one unless given. */
  readonly roleFor?: (permissions: readonly Permission[]) => Promise<string | undefined>;
}

const lambda = new LambdaClient(awsOptions);
const apiGateway = new ApiGatewayV2Client(awsOptions);
const logs = new CloudWatchLogsClient(awsOptions);

/** A second gateway with a contract that accepts everything, and one service. */
export const deployOpenGateway = (serviceUrl: URL): Promise<FurtherDeployment> =>
  deployFurtherGateway({
    suffix: 'open',
    contractFile: join(import.meta.dirname, '../testing/open-contract.yaml'),
    variables: {
      UPSTREAM_ALPHA_SERVICE_URL: serviceUrl.href,
      UPSTREAM_BETA_SERVICE_URL: serviceUrl.href,
    },
  });

/**
 * A gateway with another contract: the same handler, tables and key as the deployed one, with a separate API. In seconds,
 * because Terraform has no part in it.
 */
export const deployFurtherGateway = async ({
  suffix,
  contractFile,
  variables,
  roleFor,
}: FurtherGateway): Promise<FurtherDeployment> => {
  const functionName = `${deployment.functionName}-${suffix}`;
  const { Role, Environment } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: deployment.functionName }),
  );
  const { zip, permissions } = await buildFor(suffix, contractFile);
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: functionName,
      Role: roleFor === undefined ? Role : await roleFor(permissions),
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Timeout: 30,
      MemorySize: 512,
      Code: { ZipFile: zip },
      Environment: { Variables: { ...Environment?.Variables, ...variables } },
    }),
  );
  const apiId = await createApi(functionName, FunctionArn);
  const { origin } = new URL(deployment.baseUrl);
  return {
    baseUrl: `${origin}/_aws/execute-api/${apiId}/${stage}`,
    remove: async () => {
      await apiGateway.send(new DeleteApiCommand({ ApiId: apiId }));
      await lambda.send(new DeleteFunctionCommand({ FunctionName: functionName }));
      await logs.send(new DeleteLogGroupCommand({ logGroupName: `/aws/lambda/${functionName}` }));
    },
  };
};

const stage = 'v1';

const createApi = async (name: string, functionArn: string | undefined): Promise<string> => {
  const { ApiId } = await apiGateway.send(
    new CreateApiCommand({ Name: name, ProtocolType: 'HTTP' }),
  );
  const { IntegrationId } = await apiGateway.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: functionArn,
      PayloadFormatVersion: '2.0',
    }),
  );
  await apiGateway.send(
    new CreateRouteCommand({
      ApiId,
      RouteKey: '$default',
      Target: `integrations/${IntegrationId}`,
    }),
  );
  await apiGateway.send(new CreateStageCommand({ ApiId, StageName: stage, AutoDeploy: true }));
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: name,
      StatementId: 'api',
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
    }),
  );
  if (ApiId === undefined) throw new TypeError('The API has no id');
  return ApiId;
};

const buildFor = async (suffix: string, contractFile: string) => {
  const folder = await mkdtemp(join(buildPlaces.generatedFolder, `${suffix}-`));
  try {
    const { entryFile } = buildPlaces;
    const places = { entryFile, contractFile, generatedFolder: folder, outFolder: folder };
    const { path, summary } = await buildZip(places);
    const permissions = summary['permissions'] as readonly Permission[];
    return { zip: await readFile(path), permissions };
  } finally {
    await rm(folder, { recursive: true });
  }
};
