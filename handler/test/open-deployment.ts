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
import { buildPlaces } from '../../scripts/stack/build/build-places.ts';
import { buildZip } from '../../scripts/stack/build/build-zip.ts';
import { awsOptions, deployment } from './stack.ts';

export interface OpenDeployment {
  readonly baseUrl: string;
  remove(): Promise<void>;
}

const lambda = new LambdaClient(awsOptions);
const apiGateway = new ApiGatewayV2Client(awsOptions);
const logs = new CloudWatchLogsClient(awsOptions);

/**
 * A second gateway with a contract that accepts everything: the same handler, role, tables and key as the deployed one,
 * with a separate API and one service.
 */
export const deployOpenGateway = async (serviceUrl: URL): Promise<OpenDeployment> => {
  const functionName = `${deployment.functionName}-open`;
  const { Role, Environment } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: deployment.functionName }),
  );
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: functionName,
      Role,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Timeout: 30,
      MemorySize: 512,
      Code: { ZipFile: await openZip() },
      Environment: {
        Variables: {
          ...Environment?.Variables,
          UPSTREAM_ALPHA_SERVICE_URL: serviceUrl.href,
          UPSTREAM_BETA_SERVICE_URL: serviceUrl.href,
        },
      },
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

const openZip = async (): Promise<Uint8Array> => {
  const folder = await mkdtemp(join(buildPlaces.generatedFolder, 'open-'));
  try {
    const { path } = await buildZip({
      entryFile: buildPlaces.entryFile,
      contractFile: join(import.meta.dirname, '../testing/open-contract.yaml'),
      generatedFolder: folder,
      outFolder: folder,
    });
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true });
  }
};
