import { createSecretsManager } from '../src/aws/secrets-manager.ts';
import type { Gateway } from '../src/gateway.ts';
import type { CompiledContract } from '../src/parts.ts';
import { type GatewayParts, startGateway } from '../src/start-gateway.ts';
import { createDynamoDb } from '../src/stores/dynamodb/dynamodb-client.ts';
import type { Log } from '../src/telemetry/logger.ts';
import type { Metrics } from '../src/telemetry/metrics.ts';

interface Options {
  /** The handler's own, which call the AWS of the variables, unless others are given. */
  readonly clients?: GatewayParts['clients'];
  readonly variables: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly log?: Log;
  /** Dropped unless given. */
  readonly metrics?: Metrics;
}

const clientsOfAws: GatewayParts['clients'] = ({ endpoints, ...aws }, now) => ({
  dynamoDb: createDynamoDb({ ...aws, now, endpoint: endpoints.dynamoDb }),
  secrets: createSecretsManager({ ...aws, now, endpoint: endpoints.secretsManager }),
});

const nothing = (): void => undefined;
const none: Metrics = { add: nothing, endRequest: nothing };
const quiet: Log = { info: nothing, warn: nothing, error: nothing };

/** The gateway of a compiled contract, as a new execution environment has it. */
export const startCompiled = (
  compiled: CompiledContract,
  { clients = clientsOfAws, variables, now = Date.now, log = quiet, metrics = none }: Options,
): Gateway =>
  startGateway(
    { ...compiled, clients, switched: { faultInjection: undefined, trustedProxy: undefined } },
    { variables, now, log, metrics },
  );
