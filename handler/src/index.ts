import { contract, features } from '../generated/contract.js';
import openapi from '../generated/openapi.json' with { type: 'json' };
import { createDynamoDb } from './stores/dynamodb/dynamodb-client.ts';
import { createSecretsManager } from './aws/secrets-manager.ts';
import { createBuiltInRoutes } from './built-in/built-in-routes.ts';
import { createReadiness } from './built-in/readiness.ts';
import { createMatcher } from './pipeline/match.ts';
import { lambdaTrace, readEnvironment, type Settings, type SigningSecret } from './environment.ts';
import { faultInjection } from './features/faults/fault-injection.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { defaultTypeBase } from './http/problem-details.ts';
import { resultLimits } from './http/response-to-result.ts';
import { viaNameOf } from './http/via.ts';
import type { Features } from './middleware.ts';
import { misconfigured } from './misconfigured.ts';
import { createBuckets } from './stores/buckets/bucket-store.ts';
import { rememberEnded } from './stores/sessions/ended-sessions.ts';
import { cacheSessions } from './stores/sessions/session-cache.ts';
import { createSessionStore } from './stores/sessions/session-store.ts';
import { createSigningKeys } from './stores/keys/signing-keys.ts';
import { createTokenVerifier } from './sign-in/session/token-verifier.ts';
import { createLog, describeError, type Log } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { trustedProxy } from './features/trusted-proxy/trusted-proxy.ts';
import { createConnections } from './transport/connections.ts';
import { createForward } from './upstreams/http/forward.ts';

/** Longest wait for the signing keys while the environment starts; a request that needs them tries again. */
const startWithinMs = 5_000;

/** Builds the gateway once per execution environment. All parts are constructed and connected here. */
export const start = (
  variables?: Readonly<NodeJS.ProcessEnv>,
  now: () => number = Date.now,
): Gateway => {
  const environment = readEnvironment(
    contract.upstreams,
    {
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
  const { readiness, faults, switchedOn, ...parts } = environment.ok
    ? connect(environment.settings, { log, metrics, now })
    : misconfigured(environment.misconfigurations, { log, now });
  const gateway = createGateway({
    ...parts,
    match: createMatcher(contract.routes),
    builtIn: createBuiltInRoutes({ readiness, openapi: () => JSON.stringify(openapi) }),
    log: faults ? faults.log(log) : log,
    features: { ...features, ...switchedOn },
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
  const {
    signingSecret,
    sessionTableName,
    rateLimitTableName,
    sessionCacheSeconds: seconds,
  } = settings;
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
  const keys = createSigningKeys({
    readSecret: async (deadlineMs) =>
      signingSecret.kind === 'inline'
        ? signingSecret.json
        : secrets.getSecretString(signingSecret.arn, { deadlineMs }),
    now,
    onReadFailure: (error) =>
      log.error('the signing keys cannot be read', { error: describeError(error) }),
  });
  // Started now, while Lambda gives a starting environment a whole core, and not awaited.
  keys.load(now() + startWithinMs).catch(() => undefined);
  const sessionStore = createSessionStore({ dynamoDb, tableName: sessionTableName, now });
  const proxy =
    settings.trustedProxy &&
    trustedProxy?.connect(settings.trustedProxy, {
      secrets,
      now,
      onReadFailure: (error) =>
        log.error('the secret of the proxy cannot be read', { error: describeError(error) }),
    });
  proxy?.secrets.load(now() + startWithinMs).catch(() => undefined);
  const switchedOn: Features = {
    ...(proxy && { trustedProxy: () => proxy.middleware }),
    ...(faults && { faults: () => faults.middleware }),
  };
  return {
    faults,
    switchedOn,
    tokens: createTokenVerifier({ keys, now }),
    sessions: rememberEnded(cacheSessions(sessionStore, { seconds, now }), { now }),
    allowedOrigins: settings.allowedOrigins,
    buckets: createBuckets({ dynamoDb, tableName: rateLimitTableName }),
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
      viaName: viaNameOf([settings.environment, sessionTableName, identityOf(signingSecret)]),
    }),
    readiness: createReadiness({
      dynamoDb,
      keys,
      proxySecrets: proxy?.secrets,
      sessionTableName,
      rateLimitTableName,
      now,
    }),
  };
};

/** The ARN contains account and region, and ends in random characters from Secrets Manager. */
const identityOf = (secret: SigningSecret): string => (secret.kind === 'arn' ? secret.arn : '');

const upstreamsOf = ({ upstreamUrls }: Settings) =>
  Object.fromEntries(
    Object.entries(contract.upstreams).map(([name, policy]) => {
      const url = upstreamUrls[name];
      if (url === undefined) throw new TypeError(`No URL was read for the upstream ${name}`);
      return [name, { policy, url }];
    }),
  );

export const handler = start();
