import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2, Context } from 'aws-lambda';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createGateway } from './src/gateway.ts';
import type { MatchResult } from './src/pipeline/match.ts';
import type { GatewayRequest } from './src/http/request.ts';
import type { PluginCaller, PluginDefinition } from './src/features/plugins/define-plugin.ts';
import { loadPlugin, type PluginPlace } from './src/features/plugins/load-plugin.ts';
import { responseOfPlugins } from './src/features/plugins/plugin-result.ts';
import {
  pluginsBeforeAuth,
  pluginsBeforeUpstream,
  pluginsOnResponse,
} from './src/features/plugins/plugins.ts';

/** The public interface for tests of plugins: `postern/plugin-testing`. */
export interface PluginTest<Options> {
  /** As in the contract, with the defaults. */
  readonly with?: Options;
  /** Unless given, `before-upstream`. */
  readonly at?: PluginPlace;
  readonly request?: {
    readonly method?: string;
    readonly path?: string;
    /** Without `?`. */
    readonly query?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly cookies?: readonly string[];
    readonly body?: string | Buffer;
  };
  /** Unless given, method and path of the request. */
  readonly route?: string;
  readonly params?: Readonly<Record<string, string>>;
  /** Who has signed in; nobody unless given. */
  readonly caller?: PluginCaller;
  /** The upstream's response; an empty 200 unless given. Throws what the gateway is to respond instead. */
  readonly upstream?: (request: ForwardedRequest) => APIGatewayProxyResultV2;
  /** Until the deadline. Unless given, a second. */
  readonly remainingMs?: number;
}

/** A request as an upstream of the gateway receives it, without the headers that the gateway itself sets. */
export type ForwardedRequest = Pick<GatewayRequest, 'method' | 'query' | 'cookies' | 'body'> & {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
};

export interface PluginTestResult {
  /** What the client gets. */
  readonly response: APIGatewayProxyStructuredResultV2;
  /** What the upstream gets. Undefined if the request does not reach it. */
  readonly forwarded: ForwardedRequest | undefined;
  /** The lines of the log, the access log's included. */
  readonly logged: ReadonlyArray<Readonly<Record<string, unknown>>>;
  /** The plugin's own metrics. */
  readonly metrics: ReadonlyArray<{
    readonly name: string;
    readonly unit: string;
    readonly value: number;
  }>;
}

/** Sends one request through the gateway's own pipeline with a plugin: a definition, or any Middy middleware. */
export const testPlugin = async <Options = undefined>(
  plugin: PluginDefinition<unknown, Options> | ((options: Options) => object) | object,
  test: PluginTest<NoInfer<Options>> = {},
): Promise<PluginTestResult> => {
  const {
    at = 'before-upstream',
    request = {},
    params = {},
    caller,
    upstream,
    remainingMs = 1_000,
  } = test;
  const { method = 'GET', path = '/' } = request;
  const loaded = loadPlugin({ name: 'plugin', at }, plugin, test.with);
  const plugins = { 'on-response': [], 'before-auth': [], 'before-upstream': [], [at]: [loaded] };
  const logged: Array<Record<string, unknown>> = [];
  const metrics: Array<PluginTestResult['metrics'][number]> = [];
  let forwarded: ForwardedRequest | undefined;

  const write =
    (level: string) =>
    (message: string, fields: object = {}) => {
      logged.push({ level, message, ...fields });
    };
  const found: MatchResult = {
    kind: 'match',
    match: {
      params,
      route: {
        id: test.route ?? `${method} ${path}`,
        ...{ method, path, plugins },
        access: { kind: 'public' },
        target: { kind: 'http', upstream: 'upstream', rewrite: undefined, timeoutMs: remainingMs },
        rateLimits: [],
        maxBodyBytes: 6_291_456,
        validate: undefined,
      },
    },
  };
  const tools = {
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    metrics: {
      add: (metric: string | { readonly name: string; readonly unit: string }, value: number) => {
        if (typeof metric !== 'string') metrics.push({ ...metric, value });
      },
      endRequest: () => undefined,
    },
    match: (): MatchResult => found,
    problems: { typeBase: '#' },
    now: Date.now,
    buckets: {
      take: unused,
      knownRefusal: () => undefined,
      giveBack: unused,
    },
    sessionRegister: { begin: unused, end: unused, endListed: unused, extend: unused },
  };
  const gateway = createGateway({
    ...tools,
    authenticate: {
      before: ({ context: { exchange } }) => {
        if (caller !== undefined) exchange.caller = caller;
      },
    },
    features: {
      pluginsOnResponse: pluginsOnResponse(tools),
      pluginsBeforeAuth: pluginsBeforeAuth(tools),
      pluginsBeforeUpstream: pluginsBeforeUpstream(tools),
    },
    forward: async ({ request: { method, path, query, headers, cookies, body } }) => {
      forwarded = { method, path, query, headers: { ...headers }, cookies, body };
      return {
        outcome: responseOfPlugins(upstream?.(forwarded) ?? { statusCode: 200 }),
        upstream: { name: 'upstream', durationMs: 1, attempts: 1 },
      };
    },
    builtIn: {} as never,
    isSampled: () => true,
    lambdaTrace: () => undefined,
  });
  const response = await gateway(eventOf(method, path, request), contextOf(remainingMs));
  return { response, forwarded, logged, metrics };
};

const unused = async (): Promise<never> => {
  throw new TypeError('A test of a plugin has no limits');
};

const eventOf = (
  method: string,
  path: string,
  { query = '', headers = {}, cookies, body }: NonNullable<PluginTest<unknown>['request']>,
): APIGatewayProxyEventV2 => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: path,
  rawQueryString: query,
  headers: { host: 'api.example.com', ...headers },
  ...(cookies && { cookies: [...cookies] }),
  ...(query !== '' && { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) }),
  ...(body !== undefined && { body: Buffer.isBuffer(body) ? body.toString('base64') : body }),
  isBase64Encoded: Buffer.isBuffer(body),
  requestContext: {
    accountId: '123456789012',
    apiId: 'abc123',
    domainName: 'api.example.com',
    domainPrefix: 'api',
    http: { method, path, protocol: 'HTTP/1.1', sourceIp: '198.51.100.7', userAgent: 'test' },
    requestId: 'request-1',
    routeKey: '$default',
    stage: '$default',
    time: '01/Jan/2027:00:00:00 +0000',
    timeEpoch: 1_798_761_600_000,
  },
});

/** The gateway keeps a reserve for the way out. */
const reserveMs = 250;

const contextOf = (remainingMs: number): Context => {
  const endsAtMs = Date.now() + remainingMs + reserveMs;
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'gateway',
    functionVersion: '1',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:gateway:live',
    memoryLimitInMB: '512',
    awsRequestId: 'invocation-1',
    logGroupName: '/aws/lambda/gateway',
    logStreamName: 'stream',
    getRemainingTimeInMillis: () => endsAtMs - Date.now(),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
};
