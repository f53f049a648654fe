import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  faultKey,
  type InjectedFault,
  itemOf,
} from '../../../handler/src/features/faults/injected-fault.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import type { Deployment } from '../../stack/terraform/deployment.ts';
import { readStack } from '../../stack/terraform/state-backend.ts';

/** Switches faults on and off; every execution environment sees a change within two seconds. */
export interface FaultControl {
  readonly switchOn: (fault: InjectedFault) => Promise<void>;
  readonly switchOff: () => Promise<void>;
}

/** Throws if the environment does not allow faults. */
export const faultControl = async (
  environment: Environment,
  { region, rateLimitTableName }: Deployment,
): Promise<FaultControl> => {
  const stack = (await readStack(environment)) ?? {};
  if (stack['fault_injection'] !== true) {
    throw new CommandError(howToAllow(environment));
  }
  const client = new DynamoDBClient(awsClientOptions(environment, region));
  return {
    switchOn: async (fault) => {
      // The SDK's type is a mutable form of the same values.
      const Item = structuredClone(itemOf(fault)) as PutItemCommand['input']['Item'];
      await client.send(new PutItemCommand({ TableName: rateLimitTableName, Item }));
    },
    switchOff: async () => {
      await client.send(new DeleteItemCommand({ TableName: rateLimitTableName, Key: faultKey }));
    },
  };
};

const howToAllow = ({ name, settings }: Environment): string => {
  const keys = ['fault_injection', ...(name === 'prod' ? ['fault_injection_in_prod'] : [])];
  const what =
    settings === undefined
      ? `${keys.map((key) => `${key} = true`).join(' and ')} in its tfvars`
      : `operations: { fault_injection: true } in environments.yaml`;
  return `${name} does not allow faults. Set ${what}, then deploy.`;
};
