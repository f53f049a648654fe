import { StoreUnavailable } from '../../handler/src/aws/aws-call.ts';
import type { UpstreamPolicy } from '../../handler/src/contract.ts';
import { readEnvironment } from '../../handler/src/environment.ts';
import type { Gateway } from '../../handler/src/gateway.ts';
import type { CompiledContract, OpenStore, StoreKind, Stores } from '../../handler/src/parts.ts';
import { noPurges } from '../../handler/src/stores/cache/purge-list.ts';
import type { ResponseTable } from '../../handler/src/stores/cache/response-table.ts';
import { type GatewayParts, startGateway } from '../../handler/src/start-gateway.ts';
import type { DevSecret } from './dev-secrets.ts';
import type { TrafficStore } from '../../handler/src/stores/traffic/traffic-store.ts';
import type { Log } from '../../handler/src/telemetry/logger.ts';
import type { Metrics } from '../../handler/src/telemetry/metrics.ts';

interface Surroundings extends Stores {
  readonly urls: Readonly<Record<string, URL>>;
  readonly secrets: readonly DevSecret[];
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly now: () => number;
}

/** Settings without a meaning where there is no AWS. */
const unused = { GATEWAY_NAME: 'postern-dev', GATEWAY_ENV: 'dev-server', AWS_REGION: 'us-east-1' };

/** The deployed gateway, without AWS. Throws `Misconfigured`. */
export const buildGateway = (
  compiled: CompiledContract,
  {
    urls,
    secrets,
    variables,
    buckets,
    sessions,
    sessionRegister,
    issuerKeys,
    credentials,
    idempotency,
    quotas,
    log,
    now,
  }: Surroundings,
): Gateway => {
  const { upstreams } = compiled.contract;
  const parts: GatewayParts = {
    ...compiled,
    contract: {
      ...compiled.contract,
      // The hosts that a deployed upstream may have say nothing about a developer's machine.
      upstreams: Object.fromEntries(
        Object.entries(upstreams).map(([name, policy]) => [name, { ...policy, allowedHosts: [] }]),
      ),
    },
    stores: {
      ...compiled.stores,
      ...(compiled.stores.buckets && { buckets: kept(buckets, 'rate_limit_table') }),
      ...(compiled.stores.sessions && { sessions: kept(sessions, 'session_table') }),
      ...(compiled.stores.sessionRegister && { sessionRegister: kept(sessionRegister) }),
      ...(compiled.stores.issuerKeys && { issuerKeys: kept(issuerKeys) }),
      ...(compiled.stores.quotas && { quotas: kept(quotas, 'usage_table') }),
      ...(compiled.stores.credentials && { credentials: kept(credentials, 'credentials_table') }),
      ...(compiled.stores.traffic && { traffic: kept(contractsWeights) }),
      ...(compiled.stores.idempotency && idempotency && { idempotency: kept(idempotency) }),
      ...(compiled.stores.cachePurges && { cachePurges: kept({ read: async () => noPurges }) }),
      ...(compiled.stores.cachedResponses && { cachedResponses: kept(noResponses) }),
    },
    clients: () => ({
      dynamoDb: { getItem: noAws, updateItem: noAws },
      secrets: {
        getSecretString: async (arn) =>
          secrets.find((secret) => secret.arn === arn)?.text ?? noAws(),
      },
    }),
    switched: { faultInjection: undefined, trustedProxy: undefined },
  };
  const settings: Surroundings['variables'] = {
    ...unused,
    ...variables,
    ...Object.fromEntries(
      Object.values<UpstreamPolicy>(upstreams)
        .filter((policy) => policy.kind === 'http')
        .map(({ name, urlVariable }): [string, string | undefined] => [
          urlVariable,
          urls[name]?.href,
        ]),
    ),
  };
  const environment = readEnvironment(parts, noneSwitched, settings);
  if (!environment.ok) throw new Misconfigured(environment.misconfigurations);
  return startGateway(parts, { environment, now, log, metrics: onlyBreakers(log) });
};

/** `make traffic` is for what is deployed: here, the weights are those of the contract's file. */
const contractsWeights: TrafficStore = { read: async () => ({}) };

/** There is one process, whose memory has them. */
const noResponses: ResponseTable = {
  find: async () => ({ copies: [], pathVersion: '' }),
  keep: async () => undefined,
  voidPath: async () => undefined,
};

const noneSwitched = { readFaultInjection: undefined, readTrustedProxy: undefined };

/** Nobody counts metrics here. An open breaker has no other sign but the responses. */
const onlyBreakers = (log: Log): Metrics => ({
  add: (name, _value, dimensions) => {
    if (name === 'breakerOpenings') log.warn('the circuit breaker opens', { ...dimensions });
  },
  endRequest: () => undefined,
});

/** A store that is ready, and needs no setting. */
const kept = <S>(store: S, ...checks: readonly string[]): StoreKind<S> => {
  const ready = async (): Promise<void> => undefined;
  const open: OpenStore<S> = {
    store,
    checks: Object.fromEntries(checks.map((check) => [check, ready])),
  };
  return () => () => open;
};

/** The messages name the variables. */
export class Misconfigured extends Error {
  override readonly name = 'Misconfigured';
  readonly misconfigurations: readonly string[];

  constructor(misconfigurations: readonly string[]) {
    super(misconfigurations.join('\n'));
    this.misconfigurations = misconfigurations;
  }
}

const noAws = async (): Promise<never> => {
  throw new StoreUnavailable('The development server does not call AWS');
};
