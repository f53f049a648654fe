// From the lowest layer to the contract, so that similar code is close together: the zip is 1 % smaller than in another order.
import { createLog, describeError, type Log } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { defaultTypeBase } from './http/problem-details.ts';
import { resultLimits } from './http/response-to-result.ts';
import { viaNameOf } from './http/via.ts';
import { createSecretsManager } from './aws/secrets-manager.ts';
import { createBuckets } from './stores/buckets/bucket-store.ts';
import { checkBuckets } from './stores/buckets/check-buckets.ts';
import { createDynamoDb } from './stores/dynamodb/dynamodb-client.ts';
import { createConnections } from './transport/connections.ts';
import { lambdaTrace, readEnvironment, type Settings } from './environment.ts';
import type { Checks } from './middleware.ts';
import { createForward } from './upstreams/http/forward.ts';
import { faultInjection } from './features/faults/fault-injection.ts';
import { trustedProxy } from './features/trusted-proxy/trusted-proxy.ts';
import { createBuiltInRoutes } from './built-in/built-in-routes.ts';
import { createReadiness } from './built-in/readiness.ts';
import { authenticate } from './pipeline/authenticate.ts';
import { createMatcher } from './pipeline/match.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { misconfigured } from './misconfigured.ts';
import { admitByAny, contract, features, folder, signIn } from '../generated/contract.js';

/** Longest wait for keys and secrets while the environment starts; a request that needs them tries again. */
const startWithinMs = 5_000;

/** Builds the gateway once per execution environment. All parts are constructed and connected here. */
export const start = (
  variables?: Readonly<NodeJS.ProcessEnv>,
  now: () => number = Date.now,
): Gateway => {
  const environment = readEnvironment(
    contract.upstreams,
    {
      signIn,
      parseFaultInjection: faultInjection?.parseSetting,
      readTrustedProxy: trustedProxy?.readSettings,
    },
    variables,
  );
  const log = createLog(environment.ok ? environment.settings.logLevel : 'INFO');
  const logSampleRate = environment.ok ? environment.settings.logSampleRate : 1;
  const metrics = createMetrics({
    gateway: environment.ok ? environment.settings.gatewayName : 'unknown',
    environment: environment.ok ? environment.settings.environment : 'unknown',
  });
  const { readiness, faults, ...parts } = environment.ok
    ? connect(environment.settings, { log, metrics, now })
    : misconfigured(environment.misconfigurations, { log, now });
  const gateway = createGateway({
    ...parts,
    match: createMatcher(contract.routes, contract.segmentTemplate),
    builtIn: createBuiltInRoutes({ readiness, folder }),
    log: faults ? faults.log(log) : log,
    isSampled: () => Math.random() < logSampleRate,
    metrics,
    problems: {
      typeBase: environment.ok ? environment.settings.problemTypeBase : defaultTypeBase,
    },
    lambdaTrace,
    now,
  });
  return faults ? faults.around(gateway) : gateway;
};

interface Tools {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly now: () => number;
}

const connect = (settings: Settings, { log, metrics, now }: Tools) => {
  const { region, credentials, endpoints } = settings.aws;
  const { rateLimitTableName } = settings;
  const startEndsMs = now() + startWithinMs;
  const plainDynamoDb = createDynamoDb({
    region,
    credentials,
    now,
    endpoint: endpoints.dynamoDb,
  });
  const faults = settings.faultInjection
    ? faultInjection?.inject({
        dynamoDb: plainDynamoDb,
        tableName: rateLimitTableName,
        metrics,
        now,
      })
    : undefined;
  const dynamoDb = faults ? faults.dynamoDb(plainDynamoDb) : plainDynamoDb;
  const secrets = createSecretsManager({
    region,
    credentials,
    now,
    endpoint: endpoints.secretsManager,
  });
  const signInTools = { dynamoDb, secrets, log, metrics, now, startEndsMs };
  const methods = Object.fromEntries(
    Object.entries(settings.signIn).map(([name, method]) => [name, method(signInTools)]),
  );
  const proxy =
    settings.trustedProxy &&
    trustedProxy?.connect(settings.trustedProxy, {
      secrets,
      now,
      onReadFailure: (error) =>
        log.error('the secret of the proxy cannot be read', { error: describeError(error) }),
    });
  proxy?.secrets.load(startEndsMs).catch(() => undefined);
  const tools = {
    buckets: createBuckets({ dynamoDb, tableName: rateLimitTableName }),
    metrics,
    now,
  };
  return {
    faults,
    authenticate: authenticate({ signIn: methods, admitByAny }),
    features: {
      ...Object.fromEntries(
        Object.entries(features).map(([name, feature]) => [name, feature(tools)]),
      ),
      ...(proxy && { trustedProxy: proxy.middleware }),
      ...(faults && { faults: faults.middleware }),
    },
    forward: createForward({
      upstreams: upstreamsOf(settings),
      limits: resultLimits,
      routes: contract.routes,
      now,
      onBreakerOpen: (upstream) => metrics.add('breakerOpenings', 1, { upstream }),
      ...(faults && {
        connect: (url, options) => {
          const connections = createConnections(url, options);
          return {
            ...connections,
            send: faults.send((request, ms) => connections.send(request, ms)),
          };
        },
      }),
      viaName: viaNameOf(settings.identity),
    }),
    readiness: createReadiness({
      checks: {
        ...(Object.assign({}, ...Object.values(methods).map(({ checks }) => checks)) as Checks),
        rate_limit_table: checkBuckets({ dynamoDb, tableName: rateLimitTableName }),
        ...(proxy && { proxy_secret: (deadlineMs: number) => proxy.secrets.load(deadlineMs) }),
      },
      now,
    }),
  };
};

const upstreamsOf = ({ upstreamUrls }: Settings) =>
  Object.fromEntries(
    Object.entries(contract.upstreams).map(([name, policy]) => {
      const url = upstreamUrls[name];
      if (url === undefined) throw new TypeError(`No URL was read for the upstream ${name}`);
      return [name, { policy, url }];
    }),
  );

export const handler = start();
