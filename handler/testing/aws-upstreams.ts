import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createSecretsManager } from '../src/aws/secrets-manager.ts';
import type { Gateway } from '../src/gateway.ts';
import { startGateway } from '../src/start-gateway.ts';
import { createDynamoDb } from '../src/stores/dynamodb/dynamodb-client.ts';
import type { LogFields } from '../src/telemetry/logger.ts';
import { httpApiEvent, lambdaContext } from './events.ts';
import { credentials } from './fake-aws/signature.ts';
import { loadModule } from './load-contract.ts';
import { type StubServices, startStubServices } from './stub-services.ts';

export interface AwsUpstreamWorld extends Pick<StubServices, 'aws' | 'signIn'> {
  readonly gateway: Gateway;
  /** Of the log. */
  readonly lines: readonly LogFields[];
  /** One request, with a JSON body of the response read. */
  send(
    ...request: Parameters<typeof httpApiEvent>
  ): Promise<
    APIGatewayProxyStructuredResultV2 & { readonly json: Readonly<Record<string, unknown>> }
  >;
  stop(): Promise<void>;
}

/** The whole gateway of a contract, with the environment that it has in Lambda and a fake AWS. */
export const startAwsUpstreams = async (
  contractText: string,
  variables: Readonly<Record<string, string>>,
): Promise<AwsUpstreamWorld> => {
  const compiled = await loadModule({ 'gateway.yaml': contractText });
  const stub = await startStubServices(compiled);
  const lines: LogFields[] = [];
  const write = (message: string, fields: LogFields = {}): void =>
    void lines.push({ message, ...fields });
  const gateway = startGateway(
    {
      ...compiled,
      clients: ({ endpoints, ...aws }, now) => ({
        dynamoDb: createDynamoDb({ ...aws, now, endpoint: endpoints.dynamoDb }),
        secrets: createSecretsManager({ ...aws, now, endpoint: endpoints.secretsManager }),
      }),
      switched: { faultInjection: undefined, trustedProxy: undefined },
    },
    {
      variables: {
        ...stub.environment,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken,
        ...variables,
      },
      log: { info: write, warn: write, error: write },
      metrics: { add: () => undefined, endRequest: () => undefined },
    },
  );
  return {
    aws: stub.aws,
    signIn: (...user) => stub.signIn(...user),
    gateway,
    lines,
    send: async (...request) => {
      const result = await gateway(httpApiEvent(...request), lambdaContext());
      const isJson = result.body?.startsWith('{') === true;
      const json = isJson ? (JSON.parse(result.body ?? '') as Record<string, unknown>) : {};
      return { ...result, json };
    },
    stop: () => stub.stop(),
  };
};
