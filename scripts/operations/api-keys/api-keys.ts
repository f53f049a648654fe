import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import { type Environment, spelledOut } from '../../stack/environments/environment.ts';
import { type Deployment, readDeployment } from '../../stack/terraform/deployment.ts';
import { type CredentialItems, credentialItemsIn } from './credential-items.ts';
import type { ApiKeyItem } from './new-api-key.ts';

/** The keys of a deployed environment, and what they begin with. */
export const openApiKeys = async (
  environment: Environment,
): Promise<{
  readonly keys: CredentialItems<ApiKeyItem>;
  readonly prefixes: readonly string[];
  /** The names of the plans of the contract. */
  readonly plans: readonly string[];
}> => {
  const deployment = await readDeployment(environment);
  const { region, apiKeyPrefixes: prefixes, planQuotas } = deployment;
  const client = new DynamoDBClient(awsClientOptions(environment, region));
  const keys = credentialItemsIn<ApiKeyItem>(client, tableOf(deployment, environment), 'api-key');
  return { keys, prefixes, plans: Object.keys(planQuotas) };
};

const tableOf = (
  { furtherTableNames: { credentials }, apiKeyPrefixes }: Deployment,
  environment: Environment,
): string => {
  if (credentials !== undefined && apiKeyPrefixes.length > 0) return credentials;
  throw new CommandError(
    `The contract that is deployed in ${environment.name} has no API keys. Add "x-postern: { apiKey: {} }" to a security scheme of the type apiKey, name the scheme in the security of an operation, and deploy it: make deploy ${spelledOut(environment)}`,
  );
};
