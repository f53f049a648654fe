import { createLog, describeError, type Log } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { resultLimits } from './http/response-to-result.ts';
import { viaNameOf } from './http/via.ts';
import type { SecretsManager } from './aws/secrets-manager.ts';
import type { DynamoDb } from './stores/dynamodb/dynamodb.ts';
import { createConnections } from './transport/connections.ts';
import {
  type AwsSettings,
  type Environment,
  lambdaTrace,
  mapValues,
  readEnvironment,
  type Settings,
} from './environment.ts';
import type {
  Checks,
  CompiledContract,
  FeatureTools,
  Forward,
  Forwarder,
  Stores,
} from './parts.ts';
import type { faultInjection } from './features/faults/fault-injection.ts';
import type { trustedProxy } from './features/trusted-proxy/trusted-proxy.ts';
import { type BuiltInRoutes, createBuiltInRoutes } from './built-in/built-in-routes.ts';
import { createReadiness } from './built-in/readiness.ts';
import { authenticate } from './pipeline/authenticate.ts';
import { createMatcher } from './pipeline/match.ts';
import { misconfigured } from './misconfigured.ts';

/** What a gateway is made of. */
export interface GatewayParts extends CompiledContract {
  readonly clients: (settings: AwsSettings, now: () => number) => Clients;
  readonly switched: Switched;
}

/** The clients of AWS. */
export interface Clients {
  readonly dynamoDb: DynamoDb;
  readonly secrets: SecretsManager;
}

/** The features that a zip may be built without. */
export interface Switched {
  readonly faultInjection: typeof faultInjection;
  readonly trustedProxy: typeof trustedProxy;
}

interface Options {
  /** Unless given, those of the process. */
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined;
  /** Of these parts, if the caller has read it. */
  readonly environment?: Environment;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Unless given, both are lines on standard output for CloudWatch. */
  readonly log?: Log;
  readonly metrics?: Metrics;
}

/**
 * Constructs and connects all parts of a gateway. With missing or wrong settings it responds 503 to all requests but
 * those for `/health` and `/openapi.json`.
 */
export const startGateway = (
  parts: GatewayParts,
  {
    variables,
    environment = readEnvironment(
      parts,
      {
        readFaultInjection: parts.switched.faultInjection?.readSettings,
        readTrustedProxy: parts.switched.trustedProxy?.readSettings,
      },
      variables,
    ),
    now = Date.now,
    ...outputs
  }: Options = {},
): Gateway => {
  const { contract, folder } = parts;
  const { gatewayName, logLevel, logSampleRate, problemTypeBase } = environment.settings;
  const tools = {
    log: createLog(logLevel),
    metrics: createMetrics({
      gateway: gatewayName,
      environment: environment.settings.environment,
    }),
    problems: { typeBase: problemTypeBase },
    match: createMatcher(contract.routes, contract.segmentTemplate),
    ...outputs,
    now,
  };
  const { readiness, faults, ...connected } = environment.ok
    ? connect(parts, environment.settings, tools)
    : misconfigured(environment.misconfigurations, tools);
  const gateway = createGateway({
    ...connected,
    ...tools,
    log: faults ? faults.log(tools.log) : tools.log,
    // The compiler names those of the routes.
    builtIn: {
      ...(parts.builtIn as BuiltInRoutes),
      ...createBuiltInRoutes({ readiness, folder }),
    },
    isSampled: () => Math.random() < logSampleRate,
    lambdaTrace,
  });
  return faults ? faults.around(gateway) : gateway;
};

/** Longest wait for keys and secrets while the environment starts; a request that needs them tries again. */
const startWithinMs = 5_000;

type Tools = Pick<FeatureTools, 'log' | 'metrics' | 'problems' | 'match' | 'now'>;

const connect = (
  { contract, features, admitByAny, clients, switched }: GatewayParts,
  settings: Settings,
  given: Tools,
) => {
  const { log, metrics, now } = given;
  const startEndsMs = now() + startWithinMs;
  const { dynamoDb: plainDynamoDb, secrets } = clients(settings.aws, now);
  const faults =
    settings.faultInjection &&
    switched.faultInjection?.inject({
      ...settings.faultInjection,
      dynamoDb: plainDynamoDb,
      metrics,
      now,
    });
  const dynamoDb = faults ? faults.dynamoDb(plainDynamoDb) : plainDynamoDb;
  const opened = mapValues(settings.stores, (open) => open({ dynamoDb, now }));
  const forward: Forward = (input) => {
    const { kind } = input.target;
    const forwarder = forwarders[kind];
    if (forwarder === undefined) throw new TypeError(`No kind is named ${kind}`);
    return forwarder.forward(input);
  };
  const tools = {
    // The compiler names the stores that the contract's features and sign-in methods need.
    ...(mapValues(opened, ({ store }) => store) as unknown as Stores),
    ...given,
    forward,
    secrets,
    startEndsMs,
    connect: faults ? faults.connect(createConnections) : createConnections,
    limits: resultLimits,
    viaName: viaNameOf(settings.identity),
  };
  const signIn = mapValues(settings.signIn, (method) => method(tools));
  const forwarders: Readonly<Record<string, Forwarder>> = mapValues(settings.upstreams, (kind) =>
    kind(tools),
  );
  const proxy =
    settings.trustedProxy &&
    switched.trustedProxy?.connect(settings.trustedProxy, {
      routes: contract.routes,
      secrets,
      now,
      onReadFailure: (error) =>
        log.error('the secret of the proxy cannot be read', { error: describeError(error) }),
    });
  proxy?.secrets.load(startEndsMs).catch(() => undefined);
  const checks = Object.assign(
    {},
    ...[...Object.values(opened), ...Object.values(signIn)].map((part) => part.checks),
    proxy && { proxy_secret: (deadlineMs: number) => proxy.secrets.load(deadlineMs) },
  ) as Checks;
  return {
    faults,
    authenticate: authenticate({ signIn, admitByAny }),
    features: {
      ...mapValues(features, (feature) => feature(tools)),
      ...(proxy && { trustedProxy: proxy.middleware }),
      ...(faults && { faults: faults.middleware }),
    },
    forward,
    readiness: createReadiness({ checks, now }),
  };
};
