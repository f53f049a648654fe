// From the lowest layer to the contract, so that similar code is close together: the zip is 1 % smaller than in another order.
import { type GatewayParts, startGateway } from './start-gateway.ts';
import { createSecretsManager } from './aws/secrets-manager.ts';
import { createDynamoDb } from './stores/dynamodb/dynamodb-client.ts';
import {
  admitByAny,
  builtIn,
  contract,
  features,
  folder,
  signIn,
  stores,
  upstreams,
} from '../generated/contract.js';
import { faultInjection } from './features/faults/fault-injection.ts';
import { trustedProxy } from './features/trusted-proxy/trusted-proxy.ts';
import type { Gateway } from './gateway.ts';

const clients: GatewayParts['clients'] = ({ region, credentials, endpoints }, now) => ({
  dynamoDb: createDynamoDb({ region, credentials, now, endpoint: endpoints.dynamoDb }),
  secrets: createSecretsManager({ region, credentials, now, endpoint: endpoints.secretsManager }),
});

const parts: GatewayParts = {
  ...{ contract, features, signIn, upstreams, stores, admitByAny, builtIn, folder },
  clients,
  switched: { faultInjection, trustedProxy },
};

/** The gateway of the compiled contract, with the settings of the process unless others are given. */
export const start = (
  variables?: Readonly<NodeJS.ProcessEnv>,
  now: () => number = Date.now,
): Gateway => startGateway(parts, { variables, now });

export const handler = start();
