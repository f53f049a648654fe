import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Gateway } from '../src/gateway.ts';
import { httpApiEvent, lambdaContext } from './events.ts';
import { credentials } from './fake-aws/signature.ts';
import { loadModule } from './load-contract.ts';
import { type RecordedLog, recordLog } from './recorded-log.ts';
import { startCompiled } from './start-compiled.ts';
import { type StubServices, startStubServices } from './stub-services.ts';

export interface AwsUpstreamWorld
  extends Pick<StubServices, 'aws' | 'signIn'>, Pick<RecordedLog, 'lines'> {
  readonly gateway: Gateway;
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
  const { lines, log } = recordLog();
  const gateway = startCompiled(compiled, {
    variables: {
      ...stub.environment,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      ...variables,
    },
    log,
  });
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
