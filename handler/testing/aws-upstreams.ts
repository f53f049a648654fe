import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Gateway } from '../src/gateway.ts';
import { httpApiEvent, lambdaContext } from './events.ts';
import { type Behavior, refuseWith, reset, respondWith } from './fake-aws/behaviors.ts';
import { credentials } from './fake-aws/signature.ts';
import { loadModule } from './load-contract.ts';
import { type RecordedLog, recordLog } from './recorded-log.ts';
import { startCompiled } from './start-compiled.ts';
import { type StubServices, startStubServices } from './stub-services.ts';

export interface AwsUpstreamWorld
  extends Pick<StubServices, 'aws' | 'signIn'>, Pick<RecordedLog, 'lines'> {
  readonly gateway: Gateway;
  /** The sums of metrics by name. */
  readonly counted: ReadonlyMap<string, number>;
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
  const counted = new Map<string, number>();
  const gateway = startCompiled(compiled, {
    variables: {
      ...stub.environment,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      ...variables,
    },
    log,
    metrics: {
      add: (metric, value) => {
        const name = typeof metric === 'string' ? metric : metric.name;
        counted.set(name, (counted.get(name) ?? 0) + value);
      },
      endRequest: () => undefined,
    },
  });
  return {
    aws: stub.aws,
    signIn: (...user) => stub.signIn(...user),
    gateway,
    counted,
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

/** A contract with a route for each upstream, `POST /<name>`, of any body and with a header `x-kind`. */
export const contractOfPosts = (upstreams: Readonly<Record<string, string>>): string => {
  const declared = Object.entries(upstreams).map(([name, kind]) => `${name}: { ${kind} }`);
  const paths = Object.keys(upstreams).map(
    (name) => `
  /${name}:
    x-postern: { upstream: ${name} }
    post:
      parameters: [{ name: x-kind, in: header, schema: { type: string } }]
      responses: { '202': { description: Accepted } }
      requestBody: { content: { '*/*': {} } }`,
  );
  return `
openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
x-postern:
  version: 1
  failureLimit: false
  upstreams: { ${declared.join(', ')} }
  defaults: { rateLimits: [], maxBodySize: 2MiB }
security: []
paths:${paths.join('')}
`;
};

export type AwsFailure = readonly [what: string, behavior: Behavior, status: number, code: string];

/** What a service may do in place of accepting a call, and the response that follows. */
export const failuresOfAws: readonly AwsFailure[] = [
  ['that is throttling', refuseWith('ThrottlingException'), 503, 'UPSTREAM_UNAVAILABLE'],
  ['of the service', refuseWith('InternalFailure', {}, 500), 503, 'UPSTREAM_UNAVAILABLE'],
  ['that is a refusal', refuseWith('AccessDeniedException'), 502, 'UPSTREAM_BAD_RESPONSE'],
  ['that is a response without an id', respondWith(200, {}), 502, 'UPSTREAM_BAD_RESPONSE'],
  ['that is a lost response', reset, 502, 'UPSTREAM_BAD_RESPONSE'],
];
